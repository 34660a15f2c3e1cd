import { contract } from '@plimsoll/model'
import type { Command } from 'commander'
import { appIn, directoryIn, type AppOptions } from '../app-in.ts'
import { requireApi } from '../connect.ts'
import { cutOffText } from '../cut-off-text.ts'
import { releaseIn } from '../number-in.ts'
import { fit } from '../screen/fit.ts'
import { inTurn, waitMsOf, waitOption, type WaitOptions } from '../in-turn.ts'
import type { Session } from '../session.ts'

interface CutOffOptions extends AppOptions, WaitOptions {
  readonly json: boolean
}

export function addCutOff(program: Command, session: Session): void {
  program.command('cut-off').summary('end the service of old releases for good')
    .description('For a security fix that is live: tabs that were opened on this release, or on an older one, are no longer\nserved by it. Requests in flight get ten seconds; event streams and WebSockets are closed at once, and come back\nto what is live. None of these releases serves again: `plimsoll rollback` refuses them.')
    .argument('<release>', 'the newest release that is to end, with all before it; older than what is live')
    .argument('[directory]', 'the directory that holds the Blueprint (default: this one)')
    .option('--app <name>', 'the name of the app (default: that of the directory)')
    .option(...waitOption)
    .option('--json', 'print it as one JSON value', false)
    .action(async (release: string, directory: string | undefined, options: CutOffOptions) => {
      const upTo = releaseIn(release)
      const waitMs = waitMsOf(session, options)
      const client = await requireApi(session)
      const app = appIn(directoryIn(session, directory), options)
      const done = await inTurn({ client, session, app, waitMs }, () => client.call(contract.cutOff, { params: { app }, body: { upTo } }))
      session.out.write(options.json ? `${JSON.stringify(done)}\n` : fit(cutOffText(done), session.out.columns))
    })
}
