/** How to find and to start the API, without loading it: what a command line needs at every start. */
export { apiVersion } from './api-version.ts'
export { homeIn } from './config.ts'
export { launchApi } from './launch-api.ts'
export { logPath } from './log-path.ts'
export { knownCluster, rememberCluster } from './places/known-cluster.ts'
export { clusterMarkIn } from './swarm-settings.ts'
