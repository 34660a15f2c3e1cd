import { createHash } from 'node:crypto'
import { PlimsollError } from '@plimsoll/model'
import { snapshotOf, type Truth } from '../table/truth.ts'

/**
 * Throws `FENCED_OFF` where `next` would take an edge back that was told `own`: it is an older generation, or another of the same
 * number, or knows a lower fence or cut-off of an app. Equal ones may follow each other.
 */
export function mayFollow(own: Truth, next: Truth): void {
  if (digestOf(own) === digestOf(next)) return
  const behind = [...own.fences].find(([app, fence]) => (next.fences.get(app) ?? 0) < fence)
  if (behind !== undefined) throw fencedOff(`fence ${next.fences.get(behind[0]) ?? 0} of ${behind[0]}, and ${behind[1]} was seen already`, own)
  const uncut = [...own.cutOffs].find(([app, release]) => (next.cutOffs.get(app) ?? 0) < release)
  if (uncut !== undefined) throw fencedOff(`no cut-off of release ${uncut[1]} of ${uncut[0]}`, own)
  if (next.generation <= own.generation) throw fencedOff(`generation ${next.generation}, and ${own.generation} is known already`, own)
}

/** The same for all that is the same, in whatever order it was told. */
export function digestOf(truth: Truth): string {
  const { apps, ...rest } = snapshotOf(truth)
  const byName = apps.toSorted((one, other) => (one.app < other.app ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted({ ...rest, apps: byName }))).digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined).toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([key, each]) => [key, sorted(each)]))
}

function fencedOff(what: string, { generation }: Truth): PlimsollError {
  return new PlimsollError('FENCED_OFF', `The edge refused a table: it carries ${what}.`, {
    hint: 'Another Plimsoll has told the edges more than this one knows. Ask again: plimsoll status',
    details: { generation },
  })
}
