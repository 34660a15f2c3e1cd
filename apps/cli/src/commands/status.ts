import { contract, type AppView, type Instance, type Release, type ServiceView } from '@plimsoll/model'
import type { Command } from 'commander'
import { findApi } from '../connect.ts'
import type { Session } from '../session.ts'
import { agoText } from '../screen/durations.ts'
import { createPainter, type Painter } from '../screen/painter.ts'

interface StatusOptions {
  readonly app?: string
  readonly json: boolean
}

/** How many releases are shown for each app. */
const shownReleases = 5

export function addStatus(program: Command, session: Session): void {
  program.command('status').summary('what is live, and how it is')
    .description('Shows every app: what is live, each service with its instances and addresses, and the last releases.\nExit status 0 also when nothing runs; read --json in scripts.')
    .option('--app <name>', 'only this app')
    .option('--json', 'print it as one JSON value', false)
    .action(async (options: StatusOptions) => {
      const client = await findApi(session)
      const all = client === undefined ? [] : await client.call(contract.listApps, {})
      const apps = all.filter(({ name }) => options.app === undefined || name === options.app)
      if (options.json) return void session.out.write(`${JSON.stringify({ running: client !== undefined, apps })}\n`)
      const paint = createPainter(session.out)
      if (client === undefined) return void session.out.write('Plimsoll does not run. Start it: plimsoll up\n')
      if (apps.length === 0) return void session.out.write(options.app === undefined ? 'No app was released yet. Release one: plimsoll up\n' : `There is no app "${options.app}".\n`)
      for (const app of apps) {
        const releases = await client.call(contract.listReleases, { params: { app: app.name } })
        session.out.write(appText(app, releases.slice(0, shownReleases), paint))
      }
    })
}

/** One app, on a dozen lines. */
export function appText(app: AppView, releases: readonly Release[], paint: Painter): string {
  const now = Date.now()
  const live = app.live === null ? paint('yellow', 'nothing is live') : `release ${app.live.number} is live, ${sourceText(app.live)}${app.live.endedAt === undefined ? '' : `, since ${agoText(app.live.endedAt, now)}`}`
  const underWay = app.underWay === null ? '' : `  ${paint('cyan', `release ${app.underWay.number} is under way`)}\n`
  const width = Math.max(0, ...app.services.map(({ service }) => service.length))
  const services = app.services.map((each) => `  ${stateMark(each, paint)} ${each.service.padEnd(width)}  ${each.kind.padEnd(6)}  ${stateText(each)}`).join('\n')
  const history = releases.map((each) => `  ${paint('dim', `${String(each.number).padStart(4)}  ${each.state.padEnd(9)}  ${agoText(each.startedAt, now).padEnd(12)}`)}  ${each.kind === 'rollback' ? `back to ${each.backTo}` : sourceText(each)}`).join('\n')
  return `${paint('bold', app.name)}  ${live}\n${underWay}${services === '' ? '' : `${services}\n`}${history === '' ? '' : `${history}\n`}`
}

function stateText({ instances, url, schedule, kind }: ServiceView): string {
  if (kind === 'static') return url ?? ''
  if (kind === 'cron') return `${schedule ?? ''} UTC`
  if (kind === 'keyvalue') return 'kept across releases'
  const restarts = instances.reduce((sum, each) => sum + each.restarts, 0)
  return [`${instances.filter(isUp).length} of ${instances.length} running${restarts === 0 ? '' : `, ${restarts} restarts`}`, url].filter(Boolean).join('  ')
}

function stateMark({ instances, kind }: ServiceView, paint: Painter): string {
  if (kind === 'static' || kind === 'cron' || kind === 'keyvalue') return paint('dim', '•')
  return instances.length > 0 && instances.every(isUp) ? paint('green', '●') : paint('red', '●')
}

function isUp({ state }: Instance): boolean {
  return state === 'running' || state === 'starting'
}

function sourceText({ source }: Release): string {
  const commit = source.commit?.slice(0, 7)
  if (commit === undefined) return 'the working tree (no commit)'
  return `${commit}${source.dirty ? ' with uncommitted changes' : ''}${source.subject === undefined ? '' : ` "${source.subject}"`}`
}
