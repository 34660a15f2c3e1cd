/** The only place where parts are put together; offers them over HTTP. */
export { buildApi, type ApiParts } from './http/build-api.ts'
export { readConfig, type Config } from './config.ts'
export { runApi } from './run-api.ts'
