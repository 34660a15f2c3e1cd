import { contract, PlimsollError, type KeptValue } from '@plimsoll/model'
import type { Command } from 'commander'
import { appIn, directoryIn, type AppOptions } from '../app-in.ts'
import { ensureApi, requireApi } from '../connect.ts'
import type { Session } from '../session.ts'

interface EnvOptions extends AppOptions {
  readonly json: boolean
  readonly directory?: string
}

export function addEnv(program: Command, session: Session): void {
  const env = program.command('env').summary('values that the Blueprint leaves to you')
    .description('Keeps values for variables that render.yaml marks `sync: false`. They hold from the next release on.\nValues are never printed.')
  common(env.command('list').summary('which values are kept').description('Lists the names of the values that are kept, and whether they were set or generated.\nWhat they are is never printed.'))
    .action(async (options: EnvOptions) => {
      const client = await requireApi(session)
      print(session, await client.call(contract.listValues, { params: { app: appOf(session, options) } }), options)
    })
  common(env.command('set').summary('keep values').description('Keeps values on this machine, for the app. They hold from its next release on, also before its first.\nWhat stands in a command line can be seen by others and stays in the history of the shell: for secrets let `plimsoll release` ask.').argument('<values...>', 'SERVICE/KEY=value, or group:GROUP/KEY=value'))
    .action(async (pairs: string[], options: EnvOptions) => {
      const client = await ensureApi(session)
      print(session, await client.call(contract.setValues, { params: { app: appOf(session, options) }, body: { values: Object.fromEntries(pairs.map(pairIn)) } }), options)
    })
  common(env.command('unset').summary('forget a value').description('Forgets a value. What runs keeps it; the next release is without it.').argument('<key>', 'SERVICE/KEY, or group:GROUP/KEY'))
    .action(async (key: string, options: EnvOptions) => {
      const client = await requireApi(session)
      print(session, await client.call(contract.unsetValue, { params: { app: appOf(session, options), key } }), options)
    })
}

function common(command: Command): Command {
  return command
    .option('--app <name>', 'the name of the app (default: that of the directory)')
    .option('-C, --directory <path>', 'the directory that holds the Blueprint (default: this one)')
    .option('--json', 'print it as one JSON value', false)
}

function appOf(session: Session, options: EnvOptions): string {
  return appIn(directoryIn(session, options.directory), options)
}

function pairIn(pair: string): [string, string] {
  const at = pair.indexOf('=')
  if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)]
  throw new PlimsollError('USAGE', `"${pair}" has no "="`, { hint: 'Write SERVICE/KEY=value, as in: plimsoll env set api/STRIPE_KEY=sk_123' })
}

function print({ out }: Session, values: readonly KeptValue[], { json }: EnvOptions): void {
  if (json) return void out.write(`${JSON.stringify(values)}\n`)
  if (values.length === 0) return void out.write('No value is kept.\n')
  const width = Math.max(...values.map(({ service, key }) => service.length + key.length + 1))
  for (const { service, key, origin } of values) out.write(`${`${service}/${key}`.padEnd(width)}  ${origin}\n`)
}
