import { contract } from '@plimsoll/model'
import type { Command } from 'commander'
import { appIn, directoryIn, type AppOptions } from '../app-in.ts'
import { requireApi } from '../connect.ts'
import type { Session } from '../session.ts'
import { createPainter } from '../screen/painter.ts'

interface LogOptions extends AppOptions {
  readonly follow: boolean
  readonly tail: string
  readonly release?: string
  readonly json: boolean
  readonly directory?: string
}

export function addLogs(program: Command, session: Session): void {
  program.command('logs').summary('what services printed')
    .description('Prints what the instances of the live release printed (or of another one that is kept), oldest first.')
    .argument('[service]', 'only this service')
    .option('--follow', 'go on with what is printed from now on, until Ctrl-C', false)
    .option('-n, --tail <lines>', 'how many lines of the past', '100')
    .option('--release <number>', 'of this release')
    .option('--app <name>', 'the name of the app (default: that of the directory)')
    .option('-C, --directory <path>', 'the directory that holds the Blueprint')
    .option('--json', 'print each line as one JSON value', false)
    .action(async (service: string | undefined, options: LogOptions) => {
      const client = await requireApi(session)
      const app = appIn(directoryIn(session, options.directory), options)
      const paint = createPainter(session.out)
      const query = { ...(service !== undefined && { service }), ...(options.release !== undefined && { release: Number(options.release.replace(/^r/, '')) }), tail: Number(options.tail), follow: options.follow }
      try {
        for await (const { data } of client.stream(contract.logs, { params: { app }, query }, session.interrupted)) {
          session.out.write(options.json ? `${JSON.stringify(data)}\n` : `${paint('dim', data.service.padEnd(10))} ${data.text}\n`)
        }
      } catch (error) {
        // Ctrl-C is how one stops to follow.
        if (!session.interrupted.aborted) throw error
      }
    })
}
