/** Turns argv into API calls and answers into text. */
export { runCli } from './run-cli.ts'
export { caddyFile } from './front/caddy-file.ts'
export type { Surface } from './session.ts'
