import { contract, isPlimsollError } from '@plimsoll/model'
import type { Command } from 'commander'
import { appIn, directoryIn, type AppOptions } from '../app-in.ts'
import { ensureApi, findApi, hasCrashed, stopApi } from '../connect.ts'
import type { Session } from '../session.ts'

interface DownOptions extends AppOptions {
  readonly destroyData: boolean
  readonly all: boolean
  readonly json: boolean
}

export function addDown(program: Command, session: Session): void {
  program.command('down').summary('stop an app, and Plimsoll with the last one')
    .description('Stops every service of the app. When no other app is live, the edge, the database server and Plimsoll itself stop too.\nData is kept, and the next `up` finds everything as it was.')
    .argument('[directory]', 'the directory that holds the Blueprint')
    .option('--app <name>', 'the name of the app (default: that of the directory)')
    .option('--all', 'every app', false)
    .option('--destroy-data', 'also drop its databases, for ever', false)
    .option('--json', 'print it as one JSON value', false)
    .action(async (directory: string | undefined, options: DownOptions) => {
      // After a crash of Plimsoll what it looked after runs on: it is started again to end that properly.
      const client = (await findApi(session)) ?? ((await hasCrashed(session)) ? await ensureApi(session) : undefined)
      if (client === undefined) return say(session, options, { stopped: 0, plimsoll: 'did not run' })
      const app = appIn(directoryIn(session, directory), options)
      let stopped = 0
      if (!options.all) {
        stopped = await client.call(contract.takeDown, { params: { app }, body: { destroyData: options.destroyData } }).then((done) => done.stopped, nothingThere)
      }
      const others = (await client.call(contract.listApps, {})).filter(({ live }) => live !== null)
      if (!options.all && others.length > 0) return say(session, options, { stopped, plimsoll: `runs on for ${others.map(({ name }) => name).join(', ')}` })
      await stopApi(client, session, { all: true })
      say(session, options, { stopped, plimsoll: 'stopped' })
    })
}

/** To take down what was never up is done already. */
function nothingThere(error: unknown): number {
  if (isPlimsollError(error) && error.code === 'NOT_FOUND') return 0
  throw error
}

function say({ out }: Session, { json }: DownOptions, done: { readonly stopped: number; readonly plimsoll: string }): void {
  out.write(json ? `${JSON.stringify(done)}\n` : `${done.stopped} instances stopped; Plimsoll ${done.plimsoll}.\n`)
}
