import { examine } from '../examine.ts'
import type { Finding } from '../finding.ts'
import { subjectOf, type Subject } from '../subject.ts'
import { applyEdits, areApart, type Edit } from './edit.ts'
import { editOf } from './edit-of.ts'
import { readYamlText } from './spot.ts'

export interface Mended {
  /** The Blueprint as it is now; the same text where nothing could be mended. */
  readonly text: string
  /** What is gone, in the order in which it was mended. */
  readonly mended: readonly Finding[]
  /** What is still there, for people to decide. */
  readonly left: readonly Finding[]
}

/** More than any file takes that somebody wrote; ends what would try forever. */
const mostTrials = 500
/** As many changes at a time as can be held against each other quickly. */
const mostChanges = 500

/**
 * Mends what can be mended without anybody having to decide. Changes are tried first: one that does not make its own finding go
 * away, or that lets any other appear, is not made. Mending what is mended changes nothing. `isMeant` says which findings are
 * to be mended; all, unless it is given.
 */
export function mend(subject: Subject, isMeant: (finding: Finding) => boolean = () => true): Mended {
  const mended: Finding[] = []
  const refused = new Set<string>()
  let now: State = { subject, left: examine(subject) }
  let trials = 0
  for (let batch = mendable(now, isMeant, refused); batch.length > 0 && trials < mostTrials; trials += 1) {
    const after = tried(now, batch)
    if (after !== undefined) {
      mended.push(...batch.map(({ finding }) => finding))
      now = after
    } else if (batch.length === 1) {
      for (const { finding } of batch) refused.add(nameOf(finding))
    }
    // All that is left after a change; half of it after one that was not good, until it is known which one was not.
    batch = after === undefined && batch.length > 1 ? batch.slice(0, Math.ceil(batch.length / 2)) : mendable(now, isMeant, refused)
  }
  return { text: now.subject.text, mended, left: now.left }
}

interface State {
  readonly subject: Subject
  readonly left: readonly Finding[]
}

interface Change {
  readonly finding: Finding
  readonly edit: Edit
}

/** What can be changed at the same time. */
function mendable({ subject, left }: State, isMeant: (finding: Finding) => boolean, refused: ReadonlySet<string>): Change[] {
  const yaml = subject.intact ? readYamlText(subject.text) : undefined
  if (yaml === undefined) return []
  const changes: Change[] = []
  for (const finding of left) {
    if (changes.length === mostChanges) break
    if (finding.remedy === undefined || !isMeant(finding) || refused.has(nameOf(finding))) continue
    const edit = editOf(yaml, finding.remedy, finding.path)
    if (edit !== undefined && changes.every((change) => areApart(change.edit, edit))) changes.push({ finding, edit })
  }
  return changes
}

function nameOf({ rule, path, remedy }: Finding): string {
  return JSON.stringify([rule, path, remedy])
}

function tried({ subject, left }: State, batch: readonly Change[]): State | undefined {
  const after = subjectOf(applyEdits(subject.text, batch.map(({ edit }) => edit)), subject)
  const then = examine(after)
  return isBetter(left, then, batch.map(({ finding }) => finding)) ? { subject: after, left: then } : undefined
}

/** As many fewer of each rule as were mended, and of no rule more: places move when lines go, so findings are told apart by their rules. */
function isBetter(before: readonly Finding[], after: readonly Finding[], mended: readonly Finding[]): boolean {
  const [had, has, gone] = [before, after, mended].map((findings) => Map.groupBy(findings, ({ rule }) => rule))
  const count = (of: typeof had, rule: string): number => of?.get(rule)?.length ?? 0
  return [...new Set([...before, ...after].map(({ rule }) => rule))].every((rule) => count(has, rule) <= count(had, rule) - count(gone, rule))
}
