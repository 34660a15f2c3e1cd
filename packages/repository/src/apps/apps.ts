/** Finds the programs of a monorepo: what they are, how they are built, started and reached, and what they need. Asks nobody and writes nothing. */
export { findApps } from './find-apps.ts'
export { readRepository, type ReadRepository } from './read-repository.ts'
export type { Finding, FoundRepository, FoundService, FoundSuite, Left } from './found.ts'
export { scriptCall, toolCall, type FoundManager } from './find-manager.ts'
export type { FoundStore } from './find-stores.ts'
