import { contract, errorCodes, isPlimsollError, PlimsollError, type StoppedApp } from '@plimsoll/model'
import type { Client } from '@plimsoll/client'
import type { Command } from 'commander'
import { appIn, directoryIn, type AppOptions } from '../app-in.ts'
import { ensureApi, findApi, hasState, stopApi } from '../connect.ts'
import { downText, type DownReport } from '../down-text.ts'
import { createPainter } from '../screen/painter.ts'
import { fit } from '../screen/fit.ts'
import type { Session } from '../session.ts'

interface DownOptions extends AppOptions {
  readonly destroyData: boolean
  readonly all: boolean
  readonly json: boolean
}

export function addDown(program: Command, session: Session): void {
  program.command('down').summary('stop an app, and Plimsoll with the last one')
    .description('Stops every service of the app. When no other app is live, the edge, the database server and Plimsoll itself stop too.\nData and values that were set are kept: the next `plimsoll up` finds them as they were. Done twice it is done once.')
    .argument('[directory]', 'the directory that holds the Blueprint (default: this one)')
    .option('--app <name>', 'the name of the app (default: that of the directory)')
    .option('--all', 'every app; a release that is under way is stopped and taken back first', false)
    .option('--destroy-data', 'also drop its databases and key-value data, for ever and without asking', false)
    .option('--json', 'print it as one JSON value', false)
    .action(async (directory: string | undefined, options: DownOptions) => {
      const app = appIn(directoryIn(session, directory), options)
      const report = await takenDown(session, app, options)
      const failed = report.apps.find(({ problem }) => problem !== undefined)?.problem
      if (failed !== undefined) session.exitWith(errorCodes[failed.code].exit)
      session.out.write(options.json ? `${JSON.stringify(report)}\n` : fit(downText(report, createPainter(session.out)), session.out.columns))
    })
}

async function takenDown(session: Session, app: StoppedApp['app'], { all, destroyData }: DownOptions): Promise<DownReport> {
  const isElsewhere = session.server() !== undefined
  if (isElsewhere && all) throw new PlimsollError('USAGE', 'A Plimsoll on another machine is stopped there', { hint: 'Here one app of it can be taken down: plimsoll down --app NAME' })
  const client = await clientFor(session, destroyData)
  if (client === undefined) return { apps: [], plimsoll: 'did not run', runsOnFor: [] }
  session.partWith('Plimsoll goes on with this in the background. See what is left: plimsoll status')
  session.interrupted.addEventListener('abort', () => session.err.write('This is not undone. Ctrl-C again leaves it to Plimsoll, in the background.\n'), { once: true })
  if (all) return { apps: await stopApi(client, { all, destroyData }), plimsoll: 'stopped', runsOnFor: [] }
  const done = await client.call(contract.takeDown, { params: { app }, body: { destroyData } }).catch(nothingThere)
  const apps = done === undefined ? [] : [done]
  const others = (await client.call(contract.listApps, {})).filter(({ live, underWay }) => live !== null || underWay !== null)
  if (others.length > 0 || isElsewhere) return { apps, plimsoll: 'runs on', runsOnFor: others.map(({ name }) => name) }
  await stopApi(client, { all: true, destroyData: false })
  return { apps, plimsoll: 'stopped', runsOnFor: [] }
}

/** After a crash of Plimsoll what it looked after runs on, and data outlives it in any case: it is started again to end that properly. */
async function clientFor(session: Session, destroyData: boolean): Promise<Client | undefined> {
  return (await findApi(session)) ?? ((await hasState(session, { crashedOnly: !destroyData })) ? await ensureApi(session) : undefined)
}

/** To take down what was never up is done already. */
function nothingThere(error: unknown): undefined {
  if (isPlimsollError(error) && error.code === 'NOT_FOUND') return undefined
  throw error
}
