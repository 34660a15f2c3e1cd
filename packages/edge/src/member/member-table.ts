import { PlimsollError, toProblem } from '@plimsoll/model'
import type { AssetStore } from '../assets/asset-store.ts'
import type { EdgeState } from '../proxy/edge-state.ts'
import type { Snapshot } from '../table/snapshot.ts'
import type { TableKeeper } from '../table/table-keeper.ts'
import { snapshotOf, type Truth, truthIn } from '../table/truth.ts'
import { digestOf, mayFollow } from './may-follow.ts'
import type { SiteDirectories } from './site-directories.ts'

export interface MemberTableParts {
  readonly keeper: TableKeeper
  readonly state: EdgeState
  readonly assets: AssetStore
  readonly sites: SiteDirectories
  readonly log: (line: string) => void
}

interface Staged {
  readonly next: Truth
  readonly digest: string
  readonly opened: readonly number[]
  readonly forgetting: NodeJS.Timeout
}

/** Whoever staged a table and does not come back has died: what was opened for it is closed. */
const stagedMs = 10_000

/**
 * The table of an edge of a fleet, which is changed in two strokes: staged, when everything that can fail is done and nothing is seen of
 * it, and committed. So a change that one edge cannot follow is made by none, and all switch within the time of one short message.
 */
export class MemberTable {
  readonly #parts: MemberTableParts
  #staged: Staged | undefined
  #known: { readonly truth: Truth; readonly digest: string } | undefined

  constructor(parts: MemberTableParts) {
    this.#parts = parts
  }

  read(): Snapshot {
    return snapshotOf(this.#parts.keeper.truth())
  }

  digest(): string {
    const truth = this.#parts.keeper.truth()
    if (this.#known?.truth.table !== truth.table || this.#known.truth.fences !== truth.fences) this.#known = { truth, digest: digestOf(truth) }
    return this.#known.digest
  }

  /** Makes ready for `table`, in the place of what was staged before, and returns its digest. Throws `FENCED_OFF`, and `PORT_TAKEN` for one of `mustOpen`. */
  async stage(table: Snapshot, mustOpen: readonly number[]): Promise<string> {
    this.drop()
    const next = truthIn(table)
    await this.#parts.sites.make(next.table)
    const opened = await this.#parts.keeper.prepare(next, mustOpen, (own) => mayFollow(own, next))
    const digest = digestOf(next)
    this.drop()
    this.#staged = { next, digest, opened, forgetting: setTimeout(() => this.drop(), stagedMs).unref() }
    return digest
  }

  /** Serves by the staged table. Called again when that is done, it does nothing. Throws `FENCED_OFF` when another table came between. */
  async commit(digest: string): Promise<void> {
    const staged = this.#staged
    if (staged?.digest !== digest) {
      if (this.digest() === digest && this.#parts.keeper.serves) return
      throw new PlimsollError('FENCED_OFF', 'The edge was told of another table meanwhile.', { hint: 'Ask again.' })
    }
    this.#staged = undefined
    clearTimeout(staged.forgetting)
    const { keeper, state, assets, sites, log } = this.#parts
    const before = state.table.apps
    const failures = await keeper.adopt(staged.next, staged.opened, (own) => mayFollow(own, staged.next)).catch((error: unknown) => {
      keeper.release(staged.opened)
      throw error
    })
    for (const failure of failures) log(toProblem(failure).message)
    const gone = [...before.keys()].filter((app) => !staged.next.table.apps.has(app))
    for (const app of gone) {
      await assets.remove(app)
      state.forget(app)
    }
    await sites.tidy(staged.next.table)
  }

  /** Forgets what was staged: this very table, or whatever it was. Does nothing where nothing was. */
  drop(digest?: string): void {
    const staged = this.#staged
    if (staged === undefined || (digest !== undefined && staged.digest !== digest)) return
    this.#staged = undefined
    clearTimeout(staged.forgetting)
    this.#parts.keeper.release(staged.opened)
  }
}
