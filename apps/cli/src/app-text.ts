import { isWatching, previewOf, type AppView, type DriverName, type Instance, type Release, type ServiceView } from '@plimsoll/model'
import { holdLines } from './hold-text.ts'
import { agoText } from './screen/durations.ts'
import type { Painter } from './screen/painter.ts'
import { plainText } from './screen/printed-line.ts'
import { watchLine } from './watch-text.ts'
import { sourceText } from './source-text.ts'

/** One app, on a dozen lines. */
export function appText(app: AppView, releases: readonly Release[], paint: Painter): string {
  const [now, of] = [Date.now(), previewOf(app)]
  const cutOff = app.cutOff === undefined ? [] : [`  ${paint('dim', `cut off up to release ${app.cutOff}`)}`]
  const underWay = app.underWay === null ? [] : [`  ${paint('cyan', `release ${app.underWay.number} is under way${app.canary === null ? '' : `: ${Math.round(app.canary.share * 10_000) / 100} % of the visitors meet it`}`)}`]
  const history = releases.map((each) => `  ${paint('dim', `${String(each.number).padStart(4)}  ${each.state.padEnd(9)}  ${agoText(each.startedAt, now).padEnd(12)}`)}  ${historyText(each)}`)
  const watching = app.live !== null && isWatching(app.live.watch) ? [`  ${paint('cyan', watchLine(app.live, now))}`] : []
  return `${[`${paint('bold', app.name)}${paint('dim', `${placeWords[app.place]}${of === undefined ? '' : `, a preview of ${of}`}`)}  ${liveText(app, now, paint)}`, ...watching, ...cutOff, ...underWay, ...unseenLines(app, paint), ...holdLines(app, paint).map((line) => `  ${line}`), ...partLines(app, paint), ...history].join('\n')}\n`
}

/** Where most apps live needs no word. */
const placeWords: Readonly<Record<DriverName, string>> = { process: '', docker: ' on Docker', swarm: ' on a Swarm', render: ' on Render' }

function historyText(release: Release): string {
  if (release.kind === 'rollback') return `back to ${release.backTo}`
  const went = release.outcome?.is === 'rolled-back' ? 'went back by itself: ' : release.watch?.state === 'needs-attention' ? 'needs attention: ' : ''
  return `${went}${sourceText(release)}`
}

function liveText({ live }: AppView, now: number, paint: Painter): string {
  if (live === null) return paint('yellow', 'nothing is live')
  return `release ${live.number} is live${live.endedAt === undefined ? '' : ` (${agoText(live.endedAt, now)})`}: ${sourceText(live)}`
}

function unseenLines({ placeProblem }: AppView, paint: Painter): string[] {
  if (placeProblem === undefined) return []
  return [`  ${paint('yellow', `What runs is not known: ${placeProblem.message}`)}`, ...(placeProblem.hint === undefined ? [] : [`  ${paint('dim', placeProblem.hint)}`])]
}

/** Services first, then what they keep their data in. */
function partLines({ services, resources, placeProblem }: AppView, paint: Painter): string[] {
  const rows = [
    ...services.map((each) => ({ mark: placeProblem === undefined ? stateMark(each, paint) : paint('yellow', '?'), name: plainText(each.service), kind: kindWords[each.kind], state: placeProblem === undefined ? stateText(each) : each.url ?? '' })),
    ...resources.map(({ name, kind }) => ({ mark: paint('dim', '•'), name, kind: kindWords[kind], state: 'kept across releases' })),
  ]
  const width = Math.max(0, ...rows.map(({ name }) => name.length))
  const kindWidth = Math.max(0, ...rows.map(({ kind }) => kind.length))
  return rows.map(({ mark, name, kind, state }) => `  ${mark} ${name.padEnd(width)}  ${kind.padEnd(kindWidth)}  ${state}`.trimEnd())
}

const kindWords: Readonly<Record<ServiceView['kind'] | AppView['resources'][number]['kind'], string>> = {
  web: 'web', pserv: 'private', worker: 'worker', cron: 'cron', static: 'static', keyvalue: 'key-value', database: 'database',
}

function stateText({ instances, url, schedule, kind, maintenance }: ServiceView): string {
  if (kind === 'static') return url ?? ''
  if (kind === 'cron') return `${schedule ?? ''} UTC`
  const restarts = instances.reduce((sum, each) => sum + each.restarts, 0)
  return [`${instances.filter(isUp).length} of ${instances.length} running${restarts === 0 ? '' : `, ${restarts === 1 ? '1 restart' : `${restarts} restarts`}`}`, url, maintenance && '(under maintenance, by its Blueprint)'].filter(Boolean).join('  ')
}

function stateMark({ instances, kind }: ServiceView, paint: Painter): string {
  if (kind === 'static' || kind === 'cron') return paint('dim', '•')
  return instances.length > 0 && instances.every(isUp) ? paint('green', '●') : paint('red', '●')
}

function isUp({ state }: Instance): boolean {
  return state === 'running' || state === 'starting'
}
