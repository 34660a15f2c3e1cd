/** Runs the Services of an App in a Docker Swarm, from images of a registry. A door of its own: who has no cluster does not load it. */
export { createSwarmDriver, type SwarmDriver, type SwarmDriverOptions } from './swarm-driver.ts'
export { createClusterEdges, type ClusterEdges } from './cluster-edges.ts'
export { nearDriver } from './near-driver.ts'
export { createTunnels, type Tunnels } from './tunnels.ts'
export { createSwarmResources } from './resources/swarm-resources.ts'
