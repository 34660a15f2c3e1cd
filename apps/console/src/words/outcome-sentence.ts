import type { Release } from '@plimsoll/model'
import { releaseStateWords } from './release-state-words.ts'

/** How a release ended, in one line of a list. The page of the release says it at length. */
export function outcomeSentence({ outcome, state, kind, backTo, steps }: Pick<Release, 'outcome' | 'state' | 'kind' | 'backTo' | 'steps'>): string {
  if (outcome === undefined) return releaseStateWords[state].means
  const titleOf = (name: string) => steps.find((step) => step.name === name)?.title ?? name
  switch (outcome.is) {
    case 'completed': return kind === 'rollback' && backTo !== undefined ? `Went back to release ${backTo}.` : 'Released.'
    case 'rolled-back': return `Went back by itself: ${outcome.problem.message}`
    case 'unchanged': return 'Nothing was new.'
    case 'undone': return outcome.problem.code === 'INTERRUPTED'
      ? `Stopped by request at “${titleOf(outcome.at)}”, and taken back.`
      : `Taken back at “${titleOf(outcome.at)}”: ${outcome.problem.message}`
    case 'stuck': return `Stands at “${titleOf(outcome.at)}”: ${outcome.problem.message}`
  }
}
