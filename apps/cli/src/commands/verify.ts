import { resolve } from 'node:path'
import { contract, driverNames, errorCodes, PlimsollError, type DriverName, type Verification } from '@plimsoll/model'
import { Option, type Command } from 'commander'
import { appIn, directoryIn, type AppOptions } from '../app-in.ts'
import { ensureApi } from '../connect.ts'
import { countIn } from '../number-in.ts'
import type { Session } from '../session.ts'
import { sourceFor } from '../send-source.ts'
import { watchVerification } from '../watch-verification.ts'
import { fit } from '../screen/fit.ts'
import { createPainter } from '../screen/painter.ts'

interface VerifyOptions extends AppOptions {
  readonly file: string
  readonly on?: DriverName
  readonly seed?: string
  readonly report?: string
  readonly pause: boolean
  readonly verbose: boolean
  readonly json: boolean
}

/** What CI goes by. */
const statuses: Readonly<Record<Verification['state'], number>> = { passed: 0, blocked: 1, unsure: 3, running: 3, interrupted: errorCodes.INTERRUPTED.exit }

export function addVerify(program: Command, session: Session): void {
  program.command('verify').summary('prove what a directory holds in a throw-away copy, and release nothing')
    .description('Builds what changed, raises the whole app beside itself with databases of its own, and asks it everything that can be asked without a person.\nNothing that is live takes part, and nothing is left behind.')
    .argument('[directory]', 'the directory that holds the Blueprint (default: this one)')
    .option('-f, --file <path>', 'the Blueprint, relative to the directory', 'render.yaml')
    .option('--app <name>', 'the name of the app (default: that of the directory)')
    .addOption(new Option('--on <place>', 'where it is rehearsed (default: where the app lives; process when it is new)').choices(driverNames.slice(0, 2)))
    .option('--report <directory>', 'write its reports there too: HTML, JUnit, CTRF, Markdown, JSON')
    .option('--pause', 'as release --pause would: what the release before cannot live with blocks nothing', false)
    .option('--seed <number>', 'make up the same requests as a run that printed it')
    .option('-v, --verbose', 'show every line that builds and commands print', false)
    .option('--json', 'print every event as one JSON value a line', false)
    .addHelpText('after', '\nExit status: 0 nothing blocks; 1 something does; 2 not understood; 3 could not be found out.')
    .action(async (directory: string | undefined, options: VerifyOptions) => {
      const root = directoryIn(session, directory)
      const app = appIn(root, options)
      const seed = options.seed === undefined ? undefined : countIn(options.seed, '--seed')
      const client = await ensureApi(session)
      const paint = createPainter(session.out)
      if (!options.json) session.out.write(fit(`${paint('bold', `Verifying ${app}`)} ${paint('dim', `from ${root}`)}\n`, session.out.columns))
      const body = { source: await sourceFor({ client, session }, { app, root, blueprint: options.file }), ...(options.on !== undefined && { on: options.on }), ...(options.pause && { pause: true }), ...(seed !== undefined && { seed }), ...(options.report !== undefined && { report: resolve(session.directory, options.report) }) }
      const end = await watchVerification(session, client.stream(contract.verify, { params: { app }, body }, session.interrupted), options)
      if (end === undefined) throw new PlimsollError('API_UNREACHABLE', 'Plimsoll ended in the middle of it', { hint: 'What it had raised is taken down by its next start. Run the same command again.' })
      session.exitWith(statuses[end.state])
    })
}
