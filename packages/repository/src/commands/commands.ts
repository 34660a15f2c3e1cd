/** What the command lines of a Blueprint run, and for which packages of a workspace. Runs nothing. */
export { analyseCommand, type CommandAnalysis, type Invocation } from './command-analysis.ts'
export { parsePackageManager, type ManagerCall } from './package-manager-call.ts'
export { parseLine, type SimpleCommand } from './shell-words.ts'
