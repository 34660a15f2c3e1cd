import { errorCodes, toProblem } from '@plimsoll/model'
import { Command, CommanderError } from 'commander'
import { addCheck } from './commands/check.ts'
import { addDown } from './commands/down.ts'
import { addEnv } from './commands/env.ts'
import { addLogs } from './commands/logs.ts'
import { addRelease } from './commands/release.ts'
import { addRollback } from './commands/rollback.ts'
import { addStatus } from './commands/status.ts'
import { addUp } from './commands/up.ts'
import type { Session, Surface } from './session.ts'
import { problemText } from './screen/problem-text.ts'
import { createPainter } from './screen/painter.ts'

/** Runs one command line and returns its exit status. Prints; never throws. */
export async function runCli(args: readonly string[], surface: Surface): Promise<number> {
  const stop = new AbortController()
  let status = 0
  const onInterrupt = (): void => {
    // The second Ctrl-C means it: whatever runs in the API goes on and ends by itself.
    if (stop.signal.aborted) process.exit(130)
    stop.abort(new Error('interrupted'))
  }
  process.on('SIGINT', onInterrupt).on('SIGTERM', onInterrupt)
  const session: Session = { ...surface, interrupted: stop.signal, exitWith: (given) => { status = given } }
  try {
    await program(session).parseAsync([...args], { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    return fail(error, args, surface)
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt)
  }
}

function fail(error: unknown, args: readonly string[], { out, err }: Surface): number {
  const problem = toProblem(error)
  if (args.includes('--json')) out.write(`${JSON.stringify({ problem })}\n`)
  else err.write(problemText(problem, createPainter(err)))
  return errorCodes[problem.code].exit
}

function program(session: Session): Command {
  const command = new Command('plimsoll')
    .description('Releases a Next.js + Fastify monorepo from its render.yaml, with nothing dropped.')
    .configureOutput({ writeOut: (text) => session.out.write(text), writeErr: (text) => session.err.write(text) })
    .exitOverride()
    .showHelpAfterError('(see: plimsoll --help)')
    .addHelpText('after', `
Begin:
  plimsoll check          is render.yaml right?
  plimsoll up             build it, check it, and let it serve on this machine
  plimsoll release        release what changed, without losing a request
  plimsoll rollback       let the release before serve again

Exit status: 0 done; 2 not understood; 1x the Blueprint; 2x and 3x not released, and
what was live is live; 4x the machine; 70 a bug of Plimsoll. docs/errors.md lists them all.`)
  for (const add of [addUp, addRelease, addRollback, addStatus, addLogs, addEnv, addDown, addCheck]) add(command, session)
  return command
}
