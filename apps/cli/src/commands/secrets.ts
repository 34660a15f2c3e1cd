import { contract, errorCodes, PlimsollError } from '@plimsoll/model'
import type { Command } from 'commander'
import { requireApi } from '../connect.ts'
import { confirm } from '../screen/confirm.ts'
import { fit } from '../screen/fit.ts'
import { createPainter } from '../screen/painter.ts'
import { rotatedText, secretsText, startedOverText } from '../secrets-text.ts'
import type { Session } from '../session.ts'

interface SecretsOptions {
  readonly json: boolean
}

export function addSecrets(program: Command, session: Session): void {
  const { out } = session
  const say = (answer: unknown, text: string, { json }: SecretsOptions): void => void out.write(json ? `${JSON.stringify(answer)}\n` : fit(text, out.columns))
  const secrets = program.command('secrets').summary('the key that secrets are sealed with')
    .description('Values that were set or generated, and passwords of databases, are sealed before they reach the database of Plimsoll.\nThe key lies outside of it, by default in the file secret-key of its home.')
  withJson(secrets.command('show', { isDefault: true }).summary('which keys there are').description('Says where the keys come from, and how many secrets are sealed with each. Neither a key nor a secret is ever printed.'))
    .action(async (options: SecretsOptions) => {
      const status = await (await requireApi(session)).call(contract.showSecrets, {})
      if (status.problem !== undefined) session.exitWith(errorCodes[status.problem.code].exit)
      say(status, secretsText(status, createPainter(out)), options)
    })
  withJson(secrets.command('rotate').summary('seal everything with a new key').description('Makes a new key, seals every secret with it, and drops the old key once nothing is sealed with it. What runs and what\nis released goes on. Stopped anywhere and given again it finishes what it began.\nKeep a copy of the old key for as long as you keep backups of the database that are sealed with it.'))
    .action(async (options: SecretsOptions) => {
      const client = await requireApi(session)
      session.partWith('Plimsoll goes on with this in the background. See how far it is: plimsoll secrets')
      const done = await client.call(contract.rotateSecrets, {})
      say(done, rotatedText(done), options)
    })
  withJson(secrets.command('start-over').summary('give up secrets whose key is lost').description('Only when the key is lost for good: forgets every value that no key opens, gives databases a new password that holds from\nthe next release of their app on, and goes on with a new key. Values that you had set must be set again.'))
    .option('--yes', 'do it without asking', false)
    .action(async (options: SecretsOptions & { readonly yes: boolean }) => {
      const client = await requireApi(session)
      if (!options.yes) await assertMeant(session)
      const done = await client.call(contract.startSecretsOver, {})
      say(done, startedOverText(done), options)
    })
}

function withJson(command: Command): Command {
  return command.option('--json', 'print it as one JSON value', false)
}

async function assertMeant({ input, err, interrupted }: Session): Promise<void> {
  if (!input.isTTY || !err.isTTY) throw new PlimsollError('USAGE', 'This gives up secrets for good, and there is nobody to ask', { hint: 'When it is meant: plimsoll secrets start-over --yes' })
  if (!(await confirm({ input, out: err }, 'Give up every secret that no key opens, for good?', interrupted))) throw new PlimsollError('INTERRUPTED', 'Nothing was given up')
}
