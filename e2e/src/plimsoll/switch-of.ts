import { wallNow } from '../load/load-record.ts'
import type { SwitchRecord } from '../judge/switch-record.ts'
import type { CommandEnd } from './plimsoll-home.ts'

/** The journal's times are cut to whole milliseconds. */
const roundingMs = 2
const switchSteps = ['shift-traffic', 'shift-back']

/** The switch that a release made, on the load's clock; undefined when it made none. */
export function switchOf({ events, release }: Pick<CommandEnd, 'events' | 'release'>, before: number): SwitchRecord | undefined {
  const times: { started?: number; done?: number } = {}
  for (const event of events) {
    if (event.event !== 'entry' || !switchSteps.includes(event.data.step)) continue
    if (event.data.is === 'started') times.started = Date.parse(event.data.at)
    if (event.data.is === 'done') times.done = Date.parse(event.data.at)
  }
  if (times.started === undefined || times.done === undefined || release === undefined) return undefined
  // The two clocks are the same machine's; an adjustment of the system's clock moves them apart.
  const apart = wallNow() - Date.now()
  return {
    before,
    after: release.backTo ?? release.number,
    askedAt: times.started + apart - roundingMs,
    acknowledgedAt: times.done + apart + roundingMs,
  }
}
