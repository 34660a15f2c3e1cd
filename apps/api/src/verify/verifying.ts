/** What only a verification needs: loaded with the first one. */
export { readSuites } from './read-suites.ts'
export { VerificationRun } from './verification-run.ts'
