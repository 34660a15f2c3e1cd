import { examine } from '../examine.ts'
import type { Finding } from '../finding.ts'
import { subjectOf, type Subject } from '../subject.ts'
import { applyEdit } from './edit.ts'
import { editOf } from './edit-of.ts'

export interface Mended {
  /** The Blueprint as it is now; the same text where nothing could be mended. */
  readonly text: string
  /** What is gone, in the order in which it was mended. */
  readonly mended: readonly Finding[]
  /** What is still there, for people to decide. */
  readonly left: readonly Finding[]
}

/**
 * Mends what can be mended without anybody having to decide, one thing after the other. Each change is tried first: one that
 * does not make its own finding go away, or that lets any other appear, is not made. Mending what is mended changes nothing.
 * `isMeant` says which findings are to be mended; all, unless it is given.
 */
export function mend(subject: Subject, isMeant: (finding: Finding) => boolean = () => true): Mended {
  const mended: Finding[] = []
  const refused = new Set<string>()
  let now = { subject, left: examine(subject) }
  for (;;) {
    const next = subject.intact ? firstThatMends(now, isMeant, refused) : undefined
    if (next === undefined) return { text: now.subject.text, mended, left: now.left }
    mended.push(next.finding)
    now = next
  }
}

interface Step {
  readonly finding: Finding
  readonly subject: Subject
  readonly left: Finding[]
}

function firstThatMends({ subject, left }: Omit<Step, 'finding'>, isMeant: (finding: Finding) => boolean, refused: Set<string>): Step | undefined {
  for (const finding of left.filter(isMeant)) {
    const name = JSON.stringify([finding.rule, finding.path, finding.remedy])
    if (finding.remedy === undefined || refused.has(name)) continue
    const edit = editOf(subject.text, finding.remedy, finding.path)
    const after = edit === undefined ? undefined : subjectOf(applyEdit(subject.text, edit), subject)
    const then = after === undefined ? [] : examine(after)
    if (after !== undefined && isBetter(left, then, finding.rule)) return { finding, subject: after, left: then }
    refused.add(name)
  }
  return undefined
}

/** One fewer of the rule that was mended, and of no rule more: places move when lines go, so findings are told apart by their rules. */
function isBetter(before: readonly Finding[], after: readonly Finding[], rule: string): boolean {
  const [had, has] = [countByRule(before), countByRule(after)]
  return (has.get(rule) ?? 0) < (had.get(rule) ?? 0) && [...has].every(([id, count]) => count <= (had.get(id) ?? 0))
}

function countByRule(findings: readonly Finding[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  return counts
}
