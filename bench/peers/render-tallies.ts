import { renderTable } from '../render-bars.ts'
import { lostInAll, type Tally } from './tally.ts'

/** How one peer came off: counted, or why there is nothing to count. */
export interface PeerResult {
  readonly name: string
  readonly tally?: Tally
  /** `not run: no nginx`, or that it failed. */
  readonly untried?: string
}

const columns: readonly (readonly [string, (tally: Tally) => string])[] = [
  ['requests', ({ requests }) => String(requests)],
  ['lost', ({ lost }) => String(lostInAll(lost))],
  ['refused', ({ lost }) => String(lost.refused)],
  ['reset (reused)', ({ lost }) => `${lost.reset} (${lost.resetReused})`],
  ['error', ({ lost }) => String(lost.error)],
  ['cut', ({ lost }) => String(lost.cut)],
  ['late', ({ lost }) => String(lost.timeout)],
  ['other', ({ lost }) => String(lost.other)],
  ['old tabs', ({ oldTabs }) => String(oldTabs)],
  ['stale', ({ stale }) => String(stale)],
  ['blended', ({ blended }) => String(blended)],
  ['twice', ({ duplicated }) => String(duplicated)],
  ['streams', ({ streams }) => String(streams)],
  ['load late, ms', ({ generatorLateMs }) => String(generatorLateMs)],
  ['switch, ms (longest)', ({ switchMs }) => `${switchMs.median} (${switchMs.max})`],
  ['last on old, ms (longest)', ({ lastOnOldMs }) => `${lastOnOldMs.median} (${lastOnOldMs.max})`],
]

/** The table as Markdown, and below it whatever keeps a line of it from proving anything. */
export function renderTallies(results: readonly PeerResult[]): string {
  const rows = results.map(({ name, tally, untried = '' }) => [name, ...columns.map(([, cell], at) => (tally === undefined ? (at === 0 ? untried : '') : cell(tally)))])
  const doubts = results.flatMap(({ name, tally }) => (tally?.gaps ?? []).map((gap) => `${name} proves nothing: ${gap}`))
  return [renderTable([['peer', ...columns.map(([title]) => title)], ...rows]), ...doubts].join('\n')
}
