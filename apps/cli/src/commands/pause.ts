import { contract, longestPauseMs, PlimsollError } from '@plimsoll/model'
import type { Command } from 'commander'
import { appIn, directoryIn, type AppOptions } from '../app-in.ts'
import { requireApi } from '../connect.ts'
import { holdLines } from '../hold-text.ts'
import { inTurn, waitMsOf, waitOption, type WaitOptions } from '../in-turn.ts'
import { countIn } from '../number-in.ts'
import { createPainter } from '../screen/painter.ts'
import { fit } from '../screen/fit.ts'
import type { Session } from '../session.ts'

interface PauseOptions extends AppOptions, WaitOptions {
  readonly json: boolean
}

const longest = longestPauseMs / 1_000

export function addPause(program: Command, session: Session): void {
  common(program.command('pause').summary('let requests wait for some seconds')
    .description(`Holds new requests at the edge and waits for those in flight, for a change that must meet no request.\nNobody is refused: after the time, or with \`plimsoll resume\`, all that wait are served. Longest: ${longest} seconds.`))
    .option('--for <seconds>', 'how long', String(longest))
    .action(async (directory: string | undefined, options: PauseOptions & { readonly for: string }) => {
      const forMs = secondsIn(options.for) * 1_000
      const waitMs = waitMsOf(session, options)
      const client = await requireApi(session)
      const app = appIn(directoryIn(session, directory), options)
      const paused = await inTurn({ client, session, app, waitMs }, () => client.call(contract.pause, { params: { app }, body: { forMs } }))
      const { out } = session
      if (options.json) return void out.write(`${JSON.stringify(paused)}\n`)
      const paint = createPainter(out)
      const left = paused.leftRequests === 0 ? 'Nothing is in flight.' : paint('yellow', `${paused.leftRequests === 1 ? 'A request' : `${paused.leftRequests} requests`} from before still ${paused.leftRequests === 1 ? 'has' : 'have'} no answer.`)
      out.write(fit(`${[...holdLines({ name: app, holds: paused.holds }, paint), left].join('\n')}\n`, out.columns))
    })
  common(program.command('resume').summary('serve the requests that wait').description('Ends a pause at once: all that wait are served, in the order in which they came. Done twice it is done once.'))
    .action(async (directory: string | undefined, options: PauseOptions) => {
      const waitMs = waitMsOf(session, options)
      const client = await requireApi(session)
      const app = appIn(directoryIn(session, directory), options)
      const holds = await inTurn({ client, session, app, waitMs }, () => client.call(contract.resume, { params: { app } }))
      session.out.write(options.json ? `${JSON.stringify(holds)}\n` : `Requests to ${app} wait no longer.\n`)
    })
}

function common(command: Command): Command {
  return command
    .argument('[directory]', 'the directory that holds the Blueprint (default: this one)')
    .option('--app <name>', 'the name of the app (default: that of the directory)')
    .option(...waitOption)
    .option('--json', 'print it as one JSON value', false)
}

function secondsIn(text: string): number {
  const seconds = countIn(text, '--for')
  if (seconds >= 1 && seconds <= longest) return seconds
  throw new PlimsollError('USAGE', `A pause lasts between 1 and ${longest} seconds, not ${seconds}`, { hint: 'For longer: plimsoll maintenance on' })
}
