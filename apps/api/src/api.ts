/** The only place where parts are put together; offers them over HTTP. */
export { buildApi, type ApiParts } from './http/build-api.ts'
export { homeIn, readConfig, type Config } from './config.ts'
export { launchApi } from './launch-api.ts'
export { logPath } from './log-path.ts'
export { runApi } from './run-api.ts'
