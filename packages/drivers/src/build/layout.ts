import type { AssetTree, UnitSpec } from '@plimsoll/model'
import type { SourceTree, Workspace, WorkspacePackage } from '@plimsoll/repository'
import type { Entries } from './entries.ts'
import type { FilePlan } from './file-plan.ts'
import { installed } from './layout-installed.ts'
import { nextStandalone } from './layout-next-standalone.ts'
import { published } from './layout-published.ts'
import { traced } from './layout-traced.ts'

/** A work directory after its build, and what is known about it. */
export interface BuiltTree {
  /** The work directory: the Source's root, built. */
  readonly root: string
  readonly spec: UnitSpec
  readonly tree: SourceTree
  readonly workspace: Workspace
  readonly packages: readonly WorkspacePackage[] | 'all'
  readonly entries: Entries
  /** A directory for what tracing remembers from build to build. */
  readonly traceMemory: string
}

/** The files of an artifact, and what they are. */
export interface Selection {
  readonly plan: FilePlan
  readonly assets: readonly AssetTree[]
  /** Files that the commands run, where they are known. */
  readonly entries: readonly string[]
  readonly deploymentId?: string | undefined
  readonly buildId?: string | undefined
  /** Something that would make the artifact better, for the build's log. */
  readonly advice?: string
}

/** One way to choose an artifact's files from a built work directory. */
export interface Layout {
  readonly name: string
  /** Undefined when this layout is not made for such a tree. Changes nothing. */
  select(built: BuiltTree): Promise<Selection | undefined>
  /** What to do when the artifact turns out not to run: the next layout may hold what this one did not see. */
  readonly whenBroken: 'fail' | 'try-next'
}

/** The smallest that can work comes first; the last always applies. */
export const layouts: readonly Layout[] = [published, nextStandalone, traced, installed]
