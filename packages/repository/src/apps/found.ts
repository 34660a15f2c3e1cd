import type { ProgramVariable } from '../program/variables-of.ts'
import type { WorkspacePackage } from '../workspace.ts'
import type { FoundManager } from './find-manager.ts'
import type { FoundStore } from './find-stores.ts'

/** Something that was found, and where: `apps/api/src/config.ts:4`, or `apps/api/package.json scripts.start`. */
export interface Finding<T> {
  readonly value: T
  readonly from: string
}

export interface FoundRepository {
  /** Of the root's package, else of its directory. */
  readonly name: string
  readonly manager: FoundManager
  /** Where `turbo` builds the packages in their order. */
  readonly turbo: Finding<string> | undefined
  /** What says which Node is meant; undefined where nothing does. */
  readonly node: Finding<string> | undefined
  /** Files of the root that every build depends on. */
  readonly rootFiles: readonly string[]
  /** The first file of the repository's CI, if it has one. */
  readonly ci: string | undefined
  readonly services: readonly FoundService[]
  readonly suites: readonly FoundSuite[]
  readonly left: readonly Left[]
}

export interface FoundService {
  readonly name: string
  /** `site` is a Next.js app that is exported as files. */
  readonly kind: 'next' | 'site' | 'fastify' | 'worker'
  readonly package: WorkspacePackage
  /** Why it counts as one. */
  readonly from: string
  /** Packages of the workspace that it depends on, without itself, each after those that it depends on. */
  readonly dependsOn: readonly WorkspacePackage[]
  /** From the repository's root. Undefined where nothing says how, and for a site. */
  readonly start: Finding<string> | undefined
  /** What `build` leaves undone for the start command, from the repository's root. */
  readonly afterBuild: Finding<string> | undefined
  /** Where a site's files are. */
  readonly publishPath: string | undefined
  readonly healthPath: Finding<string> | undefined
  /** The variable that it takes its port from, where that is not `PORT`. */
  readonly portVariable: Finding<string> | undefined
  /** A port that its sources speak of, by which others may know it. */
  readonly usualPort: number | undefined
  /** The variable that says on which address it listens, where it would be the wrong one without: `HOSTNAME` for Next.js's standalone server. */
  readonly hostVariable: Finding<string> | undefined
  /** Where a Next.js app first has Server Actions. */
  readonly serverActions: string | undefined
  readonly variables: readonly ProgramVariable[]
  readonly database: FoundStore | undefined
  readonly keyValue: FoundStore | undefined
  /** What brings the schema up to date, from the repository's root. */
  readonly migration: Finding<string> | undefined
  /** What keeps it from running as it is, in sentences. */
  readonly faults: readonly string[]
}

/** A command of the repository's own that tests it while it runs. */
export interface FoundSuite {
  readonly name: string
  readonly command: string
  readonly browser: boolean
  readonly from: string
}

/** A package that looks like a program and is not proposed. */
export interface Left {
  readonly directory: string
  readonly why: string
}
