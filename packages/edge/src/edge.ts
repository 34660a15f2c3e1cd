/** The proxy process, and the handle by which the engine moves traffic. */
export { createEdge } from './control/create-edge.ts'
export { edgeHealth, ensureEdge, stopEdge, type EdgeProcess, type EdgeProcessOptions } from './control/edge-process.ts'
export type { EdgeHealth } from './control/control-protocol.ts'
export { edgePaths, type EdgePaths } from './edge-paths.ts'
export { createEdgeFleet, type EdgeFleet } from './fleet/create-edge-fleet.ts'
export { edgeSecretNames, fleetSecrets } from './fleet/fleet-keys.ts'
export { locateHaproxy } from './haproxy/locate-haproxy.ts'
export { startEdge, type EdgeOptions, type RunningEdge } from './start-edge.ts'
