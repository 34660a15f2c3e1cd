import type { Client } from '@plimsoll/client'
import { changesSentences, contract, errorCodes, rollbackSentences, type RollbackPlan } from '@plimsoll/model'
import type { Command } from 'commander'
import { appIn, directoryIn, type AppOptions } from '../app-in.ts'
import { requireApi } from '../connect.ts'
import { releaseIn } from '../number-in.ts'
import { sayOutcome } from '../say-outcome.ts'
import { confirm } from '../screen/confirm.ts'
import { fit } from '../screen/fit.ts'
import { createPainter } from '../screen/painter.ts'
import type { Session } from '../session.ts'
import { watchToEnd } from '../watch-release.ts'

interface RollbackOptions extends AppOptions {
  readonly to?: string
  readonly yes: boolean
  readonly json: boolean
  readonly verbose: boolean
}

export function addRollback(program: Command, session: Session): void {
  program.command('rollback').summary('let an earlier release serve again')
    .description('Switches all services back at once: to the release that was live before, which is still warm, or to the one named.\nWhere the place moves traffic by itself, as Render does, each service is rolled back there, one after the other.\nNothing is built, and no database is touched: what a migration did stays done. It says what it will do, and asks on a terminal.')
    .argument('[directory]', 'the directory that holds the Blueprint (default: this one)')
    .option('--to <release>', 'the number of the release (default: the one before; see: plimsoll status)')
    .option('--app <name>', 'the name of the app (default: that of the directory)')
    .option('-y, --yes', 'do it without asking', false)
    .option('-v, --verbose', 'show every line that services print meanwhile', false)
    .option('--json', 'print every event as one JSON value a line', false)
    .action(async (directory: string | undefined, options: RollbackOptions) => {
      const wanted = options.to === undefined ? {} : { to: releaseIn(options.to) }
      const client = await requireApi(session)
      const app = appIn(directoryIn(session, directory), options)
      if (!options.json) {
        const plan = await client.call(contract.describeRollback, { params: { app }, query: wanted })
        if (!(await agreed(session, { plan, sentences: [...rollbackSentences(plan), ...(await differences(client, plan))] }, options))) return
      }
      const release = await client.call(contract.rollBack, { params: { app }, body: wanted })
      const settled = await watchToEnd({ client, session, release }, options)
      const view = await client.call(contract.showApp, { params: { app } })
      sayOutcome(session, { release: settled, app: view }, options)
    })
}

/** Says what it will do, and asks whoever can be asked; a script that says rollback means it. */
async function agreed(session: Session, { plan, sentences }: { readonly plan: RollbackPlan; readonly sentences: readonly string[] }, { yes }: RollbackOptions): Promise<boolean> {
  const { out, input, interrupted } = session
  const paint = createPainter(out)
  out.write(fit(`${paint('bold', `Going back from release ${plan.from} to release ${plan.to} of ${plan.app}`)}\n${sentences.map((sentence) => `  ${sentence}\n`).join('')}`, out.columns))
  if (yes || !out.isTTY || !input.isTTY || (await confirm({ input, out }, 'Go back?', interrupted))) return true
  out.write('Nothing was changed.\n')
  session.exitWith(errorCodes.INTERRUPTED.exit)
  return false
}

/** What the two releases were made of. Nobody is kept from going back because that cannot be told. */
async function differences(client: Client, { app, from, to }: RollbackPlan): Promise<readonly string[]> {
  return client.call(contract.showChanges, { params: { app, release: to }, query: { against: from } }).then(changesSentences, () => [])
}
