import { contract } from '@plimsoll/model'
import type { Command } from 'commander'
import { addressText } from '../outcome-text.ts'
import { placedIn } from '../place-in.ts'
import { releaseDirectory, type TypedRelease } from '../release-directory.ts'
import type { Session } from '../session.ts'
import { fit } from '../screen/fit.ts'
import { createPainter } from '../screen/painter.ts'
import { consoleLink } from './console.ts'
import { addReleaseOptions } from './release.ts'

export function addUp(program: Command, session: Session): void {
  addReleaseOptions(program.command('up').summary('start Plimsoll and let the app in a directory serve'))
    .option('--verify', 'prove it in a throw-away copy first, as plimsoll release does', false)
    .description('Starts Plimsoll if it does not run, releases what the directory holds, and leaves it serving in the background.\nRun again it releases what has changed, or says that nothing has. It ends with: plimsoll down')
    .action(async (directory: string | undefined, typed: TypedRelease & { readonly verify: boolean }) => {
      const { session: there, options } = await placedIn(session, directory, typed)
      const { app, client } = await releaseDirectory(there, directory, { ...options, skipVerify: options.verify ? undefined : 'begun by plimsoll up' })
      if (options.json) return
      const paint = createPainter(session.out)
      session.out.write(fit(addressText(app, paint), session.out.columns))
      if (app.live === null) return
      const { console: url } = await client.call(contract.health, {})
      if (url !== undefined) session.out.write(`  ${paint('dim', 'console')}  ${paint('cyan', (await consoleLink(client, `/apps/${app.name}`)) ?? url)}\n`)
      session.out.write(paint('dim', fit(`It serves in the background. Look: plimsoll status. Stop it: plimsoll down --app ${app.name}\n`, session.out.columns)))
    })
}
