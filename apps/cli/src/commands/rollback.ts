import { contract } from '@plimsoll/model'
import type { Command } from 'commander'
import { appIn, directoryIn, type AppOptions } from '../app-in.ts'
import { requireApi } from '../connect.ts'
import { releaseIn } from '../number-in.ts'
import { sayOutcome } from '../say-outcome.ts'
import type { Session } from '../session.ts'
import { watchToEnd } from '../watch-release.ts'

interface RollbackOptions extends AppOptions {
  readonly to?: string
  readonly json: boolean
  readonly verbose: boolean
}

export function addRollback(program: Command, session: Session): void {
  program.command('rollback').summary('let an earlier release serve again')
    .description('Switches all services back at once: to the release that was live before, which is still warm, or to the one named.\nNothing is built, and no database is touched: what a migration did stays done.')
    .argument('[directory]', 'the directory that holds the Blueprint (default: this one)')
    .option('--to <release>', 'the number of the release (default: the one before; see: plimsoll status)')
    .option('--app <name>', 'the name of the app (default: that of the directory)')
    .option('-v, --verbose', 'show every line that services print meanwhile', false)
    .option('--json', 'print every event as one JSON value a line', false)
    .action(async (directory: string | undefined, options: RollbackOptions) => {
      const wanted = options.to === undefined ? {} : { to: releaseIn(options.to) }
      const client = await requireApi(session)
      const app = appIn(directoryIn(session, directory), options)
      const release = await client.call(contract.rollBack, { params: { app }, body: wanted })
      const settled = await watchToEnd({ client, session, release }, options)
      const view = await client.call(contract.showApp, { params: { app } })
      sayOutcome(session, { release: settled, app: view }, options)
    })
}
