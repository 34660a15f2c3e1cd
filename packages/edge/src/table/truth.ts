import { type AppName, type Holds, type Maintenance, type Pause, PlimsollError, type ReleaseNumber, type Traffic, withCutOff } from '@plimsoll/model'
import { servedIn, tableFrom } from './served.ts'
import type { Snapshot } from './snapshot.ts'
import { type Table, withHolds, withoutApp, withTraffic } from './table.ts'

/** All that an edge has been told: what it serves, and what it has to remember of apps that are gone. */
export interface Truth {
  readonly table: Table
  /** The highest that was seen of each app. */
  readonly fences: ReadonlyMap<AppName, number>
  readonly cutOffs: ReadonlyMap<AppName, ReleaseNumber>
  /** Grows with every change that the edges of a fleet are told; 0 for an edge alone. */
  readonly generation: number
}

export function truthIn(snapshot: Snapshot): Truth {
  const byApp = <Value>(values: Readonly<Record<string, Value>>): Map<AppName, Value> => new Map(Object.entries(values) as [AppName, Value][])
  return { table: tableFrom(snapshot), fences: byApp(snapshot.fences), cutOffs: byApp(snapshot.cutOffs ?? {}), generation: snapshot.generation ?? 0 }
}

export function snapshotOf({ table, fences, cutOffs, generation }: Truth): Snapshot {
  return { ...servedIn(table), fences: Object.fromEntries(fences), cutOffs: Object.fromEntries(cutOffs), ...(generation > 0 && { generation }) }
}

/** See `Edge.shift`. Throws `FENCED_OFF`, `CUT_OFF`, and `PORT_TAKEN` or `USAGE` where another app has a port or a host. */
export function withShift(truth: Truth, wanted: Traffic): Truth {
  checkFence(truth, wanted)
  const traffic = withCutOff(wanted, truth.cutOffs.get(wanted.app))
  const cutOffs = traffic.cutOff === undefined ? truth.cutOffs : new Map([...truth.cutOffs, [traffic.app, traffic.cutOff]])
  return { ...truth, table: withTraffic(truth.table, traffic), fences: fencesWith(truth, wanted), cutOffs }
}

/** See `Edge.remove`. */
export function withRemoval(truth: Truth, app: AppName, fence: number): Truth {
  checkFence(truth, { app, fence })
  return { ...truth, table: withoutApp(truth.table, app), fences: fencesWith(truth, { app, fence }) }
}

/** See `Edge.pause`. */
export function withPause(truth: Truth, { app, fence, pause }: { readonly app: AppName; readonly fence: number; readonly pause: Pause | null }): Truth {
  checkFence(truth, { app, fence })
  const holds = holdsOf({ maintenance: truth.table.holds.get(app)?.maintenance, pause: pause ?? undefined })
  return { ...truth, table: withHolds(truth.table, app, holds), fences: fencesWith(truth, { app, fence }) }
}

/** See `Edge.maintain`. Has no fence: it is a person's word, and may be needed most while something else is under way. */
export function withMaintenance(truth: Truth, app: AppName, maintenance: Maintenance | null): Truth {
  const holds = holdsOf({ maintenance: maintenance ?? undefined, pause: truth.table.holds.get(app)?.pause })
  return { ...truth, table: withHolds(truth.table, app, holds) }
}

function holdsOf({ maintenance, pause }: { readonly maintenance: Maintenance | undefined; readonly pause: Pause | undefined }): Holds {
  return { ...(maintenance !== undefined && { maintenance }), ...(pause !== undefined && { pause }) }
}

function fencesWith({ fences }: Truth, { app, fence }: { readonly app: AppName; readonly fence: number }): Truth['fences'] {
  return new Map([...fences, [app, fence]])
}

/** Throws `FENCED_OFF` for a fence lower than one that was seen of its app. */
function checkFence({ fences }: Pick<Truth, 'fences'>, { app, fence }: { readonly app: AppName; readonly fence: number }): void {
  const highest = fences.get(app) ?? 0
  if (fence >= highest) return
  throw new PlimsollError('FENCED_OFF', `The edge refused a change for ${app}: it carries fence ${fence}, and ${highest} was seen already.`, {
    hint: `Another run has taken over this app. See what it does: plimsoll status --app ${app}`,
    details: { fence, highest },
  })
}
