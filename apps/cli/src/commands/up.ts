import { contract } from '@plimsoll/model'
import type { Command } from 'commander'
import { ensureApi } from '../connect.ts'
import { addressText } from '../outcome-text.ts'
import { releaseDirectory, type ReleaseOptions } from '../release-directory.ts'
import type { Session } from '../session.ts'
import { createPainter } from '../screen/painter.ts'
import { addReleaseOptions } from './release.ts'

export function addUp(program: Command, session: Session): void {
  addReleaseOptions(program.command('up').summary('start Plimsoll and let the app in a directory serve'))
    .description('Starts Plimsoll if it does not run, releases what the directory holds, and leaves it serving.\nRun again it releases what has changed, or says that nothing has.')
    .action(async (directory: string | undefined, options: ReleaseOptions) => {
      const client = await ensureApi(session)
      const app = await releaseDirectory({ client, session }, directory, options)
      if (options.json) return
      const paint = createPainter(session.out)
      session.out.write(addressText(app, paint))
      const { console: url } = await client.call(contract.health, {})
      if (url !== undefined) session.out.write(`  ${paint('dim', 'console')}  ${paint('cyan', `${url}/apps/${app.name}`)}\n`)
      session.out.write(paint('dim', 'It serves in the background. Look: plimsoll status. Stop everything: plimsoll down.\n'))
    })
}
