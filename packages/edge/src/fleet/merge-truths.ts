import { isDeepStrictEqual } from 'node:util'
import type { AppName } from '@plimsoll/model'
import { digestOf } from '../member/may-follow.ts'
import { snapshotOf, type Truth, truthIn } from '../table/truth.ts'

/** What holds of two tables that edges, or a record, have: of each app what carries the higher fence, else what is in the newer generation. */
export function mergeTruths(one: Truth, other: Truth): Truth {
  const [older, newer] = isBefore(one, other) ? [one, other] : [other, one]
  const late = [...older.fences].filter(([app, fence]) => fence > (newer.fences.get(app) ?? 0)).map(([app]) => app)
  const cutOffs = highest(older.cutOffs, newer.cutOffs)
  if (late.length === 0 && isDeepStrictEqual(cutOffs, new Map(newer.cutOffs))) return newer
  return { ...withAppsOf(newer, older, late), cutOffs, generation: newer.generation + 1 }
}

function isBefore(one: Truth, other: Truth): boolean {
  // Two of one number were made by two who knew nothing of each other; which comes first does not matter, if only it is the same everywhere.
  return one.generation === other.generation ? digestOf(one) < digestOf(other) : one.generation < other.generation
}

/** Throws `PORT_TAKEN` where they have ports that others got meanwhile. */
function withAppsOf(truth: Truth, source: Truth, apps: readonly AppName[]): Truth {
  const [mine, theirs] = [snapshotOf(truth), snapshotOf(source)]
  const isTheirs = (app: string): boolean => apps.some((each) => each === app)
  const own = <Value>(values: Readonly<Record<string, Value>> = {}, wanted: boolean): Record<string, Value> => Object.fromEntries(Object.entries(values).filter(([app]) => isTheirs(app) === wanted))
  return truthIn({
    apps: [...mine.apps.filter(({ app }) => !isTheirs(app)), ...theirs.apps.filter(({ app }) => isTheirs(app))],
    holds: { ...own(mine.holds, false), ...own(theirs.holds, true) },
    fences: { ...mine.fences, ...own(theirs.fences, true) },
  })
}

function highest<Key, Value extends number>(one: ReadonlyMap<Key, Value>, other: ReadonlyMap<Key, Value>): Map<Key, Value> {
  return new Map([...one, ...[...other].filter(([key, value]) => value >= (one.get(key) ?? 0))])
}
