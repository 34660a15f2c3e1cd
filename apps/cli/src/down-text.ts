import type { StoppedApp } from '@plimsoll/model'
import type { Painter } from './screen/painter.ts'
import { problemText } from './screen/problem-text.ts'

/** What `down` has done: what `--json` prints. */
export interface DownReport {
  /** Each app that was asked for and is known. */
  readonly apps: readonly StoppedApp[]
  /** What became of Plimsoll itself, and of the edge and the database server with it. */
  readonly plimsoll: 'stopped' | 'did not run' | 'runs on'
  /** The apps for which it runs on; none where it is on another machine, and runs on in any case. */
  readonly runsOnFor: readonly string[]
}

/** What was stopped, in plain words. */
export function downText({ apps, plimsoll, runsOnFor }: DownReport, paint: Painter): string {
  const told = apps.filter(({ wasLive, stopped, dataDestroyed, problem }) => wasLive || stopped > 0 || dataDestroyed || problem !== undefined)
  const lines = told.map((each) => (each.problem === undefined ? `${paint('green', '✓')} ${appWords(each)}\n` : `${problemText(each.problem, paint)}  ${each.app} was not taken down.\n`))
  const nothing = told.length > 0 || plimsoll === 'did not run' ? '' : 'No app was up. '
  const kept = told.length > 0 && told.every(({ dataDestroyed }) => !dataDestroyed) ? ' Data is kept.' : ''
  switch (plimsoll) {
    case 'stopped': return `${lines.join('')}${nothing}Plimsoll stopped, and with it the edge, the database server and the key-value services.${kept}\n`
    case 'runs on': return `${lines.join('')}${nothing}Plimsoll runs on${runsOnFor.length > 0 ? ` for ${runsOnFor.join(', ')}` : ' there'}.${kept}\n`
    case 'did not run': return 'Nothing to stop: Plimsoll does not run.\n'
  }
}

function appWords({ app, wasLive, stopped, dataDestroyed }: StoppedApp): string {
  const instances = stopped === 1 ? '1 instance' : `${stopped} instances`
  const ended = wasLive || stopped > 0 ? `${app} is down: ${instances} stopped` : `${app} was down already`
  return `${ended}${dataDestroyed ? '; its databases and key-value data are dropped' : ''}.`
}
