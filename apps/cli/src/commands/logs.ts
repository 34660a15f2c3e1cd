import { contract } from '@plimsoll/model'
import type { Command } from 'commander'
import { appIn, directoryIn, type AppOptions } from '../app-in.ts'
import { requireApi } from '../connect.ts'
import { countIn, releaseIn } from '../number-in.ts'
import type { Session } from '../session.ts'
import { clearLine } from '../screen/live-line.ts'
import { createPainter } from '../screen/painter.ts'
import { plainText, printedLine } from '../screen/printed-line.ts'

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
    .argument('[service]', 'only this service (default: all)')
    .option('--follow', 'go on with what is printed from now on, until Ctrl-C', false)
    .option('-n, --tail <lines>', 'how many lines of the past', '100')
    .option('--release <number>', 'only of this release (default: the live one)')
    .option('--app <name>', 'the name of the app (default: that of the directory)')
    .option('-C, --directory <path>', 'the directory that holds the Blueprint (default: this one)')
    .option('--json', 'print each line as one JSON value', false)
    .action(async (service: string | undefined, options: LogOptions) => {
      const query = { ...(service !== undefined && { service }), ...(options.release !== undefined && { release: releaseIn(options.release) }), tail: countIn(options.tail, '--tail'), follow: options.follow }
      const client = await requireApi(session)
      const app = appIn(directoryIn(session, options.directory), options)
      const paint = createPainter(session.out)
      // Names are known only as they come: a longer one widens the column from there on.
      let width = 0
      try {
        for await (const { data } of client.stream(contract.logs, { params: { app }, query }, session.interrupted)) {
          const name = plainText(data.service)
          width = Math.max(width, name.length)
          session.out.write(options.json ? `${JSON.stringify(data)}\n` : `${paint('dim', name.padEnd(width))} ${printedLine(data.text, paint)}\n`)
        }
      } catch (error) {
        // Ctrl-C is how one stops to follow.
        if (!session.interrupted.aborted) throw error
        if (session.out.isTTY) session.out.write(clearLine)
      }
    })
}
