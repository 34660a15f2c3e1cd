/** Turns argv into API calls and answers into text. */
export { runCli, type Surface } from './run-cli.ts'
