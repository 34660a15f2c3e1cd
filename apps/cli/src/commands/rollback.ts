import { contract, PlimsollError } from '@plimsoll/model'
import type { Command } from 'commander'
import { appIn, directoryIn, type AppOptions } from '../app-in.ts'
import { requireApi } from '../connect.ts'
import { exitStatusOf, outcomeText } from '../outcome-text.ts'
import type { Session } from '../session.ts'
import { createPainter } from '../screen/painter.ts'
import { watchToEnd } from '../watch-release.ts'

interface RollbackOptions extends AppOptions {
  readonly to?: string
  readonly json: boolean
  readonly verbose: boolean
}

export function addRollback(program: Command, session: Session): void {
  program.command('rollback').summary('let an earlier release serve again')
    .description('Switches all services back at once: to the release that was live before, which is still warm, or to the one named.\nNothing is built, and no database is touched: what a migration did stays done.')
    .argument('[directory]', 'the directory that holds the Blueprint')
    .option('--to <release>', 'the number of the release (see: plimsoll status)')
    .option('--app <name>', 'the name of the app (default: that of the directory)')
    .option('-v, --verbose', 'show every line that is printed', false)
    .option('--json', 'print every event as one JSON value a line', false)
    .action(async (directory: string | undefined, options: RollbackOptions) => {
      const client = await requireApi(session)
      const app = appIn(directoryIn(session, directory), options)
      const release = await client.call(contract.rollBack, { params: { app }, body: options.to === undefined ? {} : { to: numberIn(options.to) } })
      const settled = await watchToEnd({ client, session, release }, options)
      const view = await client.call(contract.showApp, { params: { app } })
      if (!options.json) session.out.write(outcomeText(settled, view, createPainter(session.out)))
      session.exitWith(exitStatusOf(settled))
    })
}

function numberIn(text: string): number {
  const number = Number(text.replace(/^r/, ''))
  if (Number.isInteger(number) && number > 0) return number
  throw new PlimsollError('USAGE', `"${text}" is not a release's number`, { hint: 'See them: plimsoll status' })
}
