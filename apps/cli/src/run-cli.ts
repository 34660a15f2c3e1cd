import { apiVersion } from '@plimsoll/api/launch'
import { errorCodes, isPlimsollError, PlimsollError, toProblem } from '@plimsoll/model'
import { Command, CommanderError, Help } from 'commander'
import { addBuild } from './commands/build.ts'
import { addCheck } from './commands/check.ts'
import { addConsole } from './commands/console.ts'
import { addCutOff } from './commands/cut-off.ts'
import { addDoctor } from './commands/doctor.ts'
import { addDown } from './commands/down.ts'
import { addEdge } from './commands/edge.ts'
import { addEnv } from './commands/env.ts'
import { addGithub } from './commands/github.ts'
import { addInit } from './commands/init.ts'
import { addLogs } from './commands/logs.ts'
import { addMaintenance } from './commands/maintenance.ts'
import { addNotify } from './commands/notify.ts'
import { addPause } from './commands/pause.ts'
import { addPreview } from './commands/preview.ts'
import { addPromote } from './commands/promote.ts'
import { addRelease } from './commands/release.ts'
import { addRollback } from './commands/rollback.ts'
import { addSecrets } from './commands/secrets.ts'
import { addStatus } from './commands/status.ts'
import { addUp } from './commands/up.ts'
import { addVerify } from './commands/verify.ts'
import { serverIn } from './server-in.ts'
import type { Session, Surface } from './session.ts'
import { fit } from './screen/fit.ts'
import { clearLine } from './screen/live-line.ts'
import { problemText } from './screen/problem-text.ts'
import { createPainter } from './screen/painter.ts'

/** Runs one command line and returns its exit status. Prints; never throws. */
export async function runCli(args: readonly string[], surface: Surface): Promise<number> {
  const stop = new AbortController()
  let status = 0
  let lastWords = 'Stopped.'
  const onInterrupt = (): void => {
    if (!stop.signal.aborted) return stop.abort(stopped())
    // The second Ctrl-C means it: whatever runs in the API goes on and ends by itself.
    surface.err.write(`${surface.err.isTTY ? clearLine : ''}${fit(lastWords, surface.err.columns)}\n`)
    process.exit(errorCodes.INTERRUPTED.exit)
  }
  process.on('SIGINT', onInterrupt).on('SIGTERM', onInterrupt)
  let chosen: Parameters<typeof serverIn>[0] = {}
  const session: Session = { ...surface, server: (at) => serverIn(at === undefined ? chosen : { ...chosen, server: at }, surface.environment), interrupted: stop.signal, exitWith: (given) => { status = given }, partWith: (words) => { lastWords = words } }
  try {
    const program = createProgram(session)
    program.hook('preAction', () => { chosen = program.opts() })
    await program.parseAsync([...args], { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    // The terminal has just written `^C` where the next line is to begin.
    if (stop.signal.aborted && surface.err.isTTY) surface.err.write(clearLine)
    // What waited for something says so in the platform's own words when it is stopped.
    return fail(stop.signal.aborted && !isPlimsollError(error) ? stopped() : error, args, surface)
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt)
  }
}

function stopped(): PlimsollError {
  return new PlimsollError('INTERRUPTED', 'Stopped, before anything was changed', { hint: 'Run the same command to start it again.' })
}

function fail(error: unknown, args: readonly string[], { out, err }: Surface): number {
  const problem = toProblem(error)
  if (args.includes('--json')) out.write(`${JSON.stringify({ problem })}\n`)
  else err.write(fit(problemText(problem, createPainter(err)), err.columns))
  return errorCodes[problem.code].exit
}

/** The command line itself. Parsing runs a command with `session`. */
export function createProgram(session: Session): Command {
  const command = new Command('plimsoll')
    .description('Releases a Next.js + Fastify monorepo from its render.yaml, with nothing dropped.')
    .configureOutput({
      writeOut: (text) => session.out.write(text), writeErr: (text) => session.err.write(fit(text, session.err.columns)),
      getOutHelpWidth: () => session.out.columns || 80, getErrHelpWidth: () => session.err.columns || 80,
    })
    .configureHelp({
      minWidthToWrap: 16,
      // That a switch is off when it is not given goes without saying.
      optionDescription: (option) => (option.isBoolean() ? option.description : new Help().optionDescription(option)),
    })
    .option('--server <url>', 'ask the Plimsoll there, and not that of this machine (default: PLIMSOLL_SERVER)')
    .option('--token <token>', 'the token that it knows you by; from the environment nobody reads it in a list of processes (default: PLIMSOLL_TOKEN)')
    .version(apiVersion)
    .exitOverride()
    .showHelpAfterError('(see: plimsoll --help)')
    .addHelpText('after', () => fit(`
Begin:
  plimsoll check          is render.yaml right?
  plimsoll doctor         what will go wrong, before it does
  plimsoll verify         prove it in a throw-away copy, and release nothing
  plimsoll up             build it, check it, and let it serve on this machine
  plimsoll release        release what changed, without losing a request
  plimsoll rollback       let the release before serve again
  plimsoll down           stop it; data is kept

Exit status: 0 done; 2 not understood; 1x the Blueprint; 2x and 3x not released,
and what was live is live; 4x the machine; 70 a bug of Plimsoll; 130 stopped by
you. docs/errors.md lists them all.`, session.out.columns))
  for (const add of [addUp, addRelease, addPromote, addPreview, addRollback, addCutOff, addStatus, addConsole, addLogs, addEnv, addNotify, addGithub, addPause, addMaintenance, addSecrets, addEdge, addDown, addCheck, addDoctor, addVerify, addInit, addBuild]) add(command, session)
  return command
}
