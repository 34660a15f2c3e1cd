import type { PastRelease } from '@plimsoll/store'

/** What became of the releases of an app, told apart once for all measures. Each list is in the order in which they were made. */
export interface ReleaseStory {
  /** All that a person or a program wanted released, and did not stop: something was new, and it ended one way or the other. */
  readonly tried: readonly PastRelease[]
  /** Of these, those that went live and stayed, until another release came. */
  readonly stayed: readonly PastRelease[]
  /** Those that went back before users met them: a check, a build, a migration. */
  readonly heldBack: readonly PastRelease[]
  /** Those that users met, and that did not do well: the watch went back from them or asked for help, or a person went back. */
  readonly failed: readonly PastRelease[]
  /** Of `failed`, those from which a person went back. */
  readonly takenBack: readonly PastRelease[]
  /** Everything that moved traffic, rollbacks included. */
  readonly switches: readonly PastRelease[]
}

/** `history` newest first, as the store gives it. */
export function storyOf(history: readonly PastRelease[]): ReleaseStory {
  const all = history.toReversed()
  const tried = all.filter(({ release: { kind, outcome } }) => kind === 'release' && outcome !== undefined && outcome.is !== 'unchanged' && !(outcome.is === 'undone' && outcome.problem.code === 'INTERRUPTED'))
  const takenBack = tried.filter((each) => wasTakenBack(each, all))
  const failed = tried.filter((each) => takenBack.includes(each) || didBadly(each.release))
  return {
    tried, failed, takenBack,
    stayed: tried.filter((each) => each.release.outcome?.is === 'completed' && !failed.includes(each)),
    heldBack: tried.filter(({ release: { outcome } }) => outcome?.is === 'undone'),
    switches: all.filter(({ switchedAt }) => switchedAt !== undefined),
  }
}

function didBadly({ outcome, watch }: PastRelease['release']): boolean {
  return outcome?.is === 'rolled-back' || outcome?.is === 'stuck' || watch?.state === 'went-back' || watch?.state === 'needs-attention'
}

/** The next thing that was made live went back to before it, and the watch had not asked for that. */
function wasTakenBack({ release: { number, outcome } }: PastRelease, all: readonly PastRelease[]): boolean {
  if (outcome?.is !== 'completed') return false
  const next = all.find(({ release }) => release.number > number && release.outcome?.is === 'completed')
  return next?.release.kind === 'rollback' && (next.release.backTo ?? number) < number
}
