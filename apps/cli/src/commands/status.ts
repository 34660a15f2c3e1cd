import { contract, type AppView, type Release } from '@plimsoll/model'
import type { Command } from 'commander'
import { appIn } from '../app-in.ts'
import { appText } from '../app-text.ts'
import { findApi, requireApi } from '../connect.ts'
import { countIn, releaseIn } from '../number-in.ts'
import { newestReleases } from '../newest-releases.ts'
import { releaseText } from '../release-text.ts'
import type { Session } from '../session.ts'
import { createPainter } from '../screen/painter.ts'
import { fit } from '../screen/fit.ts'

interface StatusOptions {
  readonly app?: string
  readonly release?: string
  readonly releases?: string
  readonly json: boolean
}

/** How many releases are shown for each app, unless it is said. */
const shownReleases = 5

export function addStatus(program: Command, session: Session): void {
  program.command('status').summary('what is live, and how it is')
    .description('Shows every app: what is live, each service with its instances and addresses, the databases and key-value services, and the last releases. With --release: one release, its steps and what its checks said.\nExit status 0 also when nothing runs; read --json in scripts.')
    .option('--app <name>', 'only this app (default: all; with --release that of the directory)')
    .option('--release <number>', 'one release of the app, from its first step to its last')
    .option('--releases <count>', `how many of the last releases, for each app (default: ${shownReleases}; with --json: none)`)
    .option('--json', 'print it as one JSON value', false)
    .action(async (options: StatusOptions) => {
      if (options.release !== undefined) return showRelease(session, releaseIn(options.release), options)
      const client = await findApi(session)
      const all = client === undefined ? [] : await client.call(contract.listApps, {})
      const apps = all.filter(({ name }) => options.app === undefined || name === options.app)
      const edge = client === undefined ? undefined : (await client.call(contract.health, {})).edge
      const count = options.releases === undefined ? undefined : countIn(options.releases, '--releases')
      if (options.json) {
        const releases = client === undefined || count === undefined ? undefined : Object.fromEntries(await Promise.all(apps.map(async ({ name }) => [name, await newestReleases(client, name, count)] as const)))
        return void session.out.write(`${JSON.stringify({ running: client !== undefined, ...(edge !== undefined && { edge }), apps, ...(releases !== undefined && { releases }) })}\n`)
      }
      if (client === undefined) return void session.out.write('Plimsoll does not run. Start it: plimsoll up\n')
      if (apps.length === 0) return void session.out.write(options.app === undefined ? 'No app was released yet. Release one: plimsoll up\n' : `There is no app "${options.app}".\n`)
      for (const app of apps) showApp(session, app, await newestReleases(client, app.name, count ?? shownReleases))
      if (edge === 'haproxy') session.out.write(createPainter(session.out)('dim', fit('HAProxy listens, and asks the edge for what is not simple (docs/edge.md).\n', session.out.columns)))
    })
}

function showApp({ out }: Session, app: AppView, releases: readonly Release[]): void {
  out.write(fit(appText(app, releases, createPainter(out)), out.columns))
}

async function showRelease(session: Session, release: number, { app, json }: StatusOptions): Promise<void> {
  const client = await requireApi(session)
  const detail = await client.call(contract.showRelease, { params: { app: appIn(session.directory, app === undefined ? {} : { app }), release } })
  const { out } = session
  out.write(json ? `${JSON.stringify(detail)}\n` : fit(releaseText(detail, { paint: createPainter(out), columns: out.columns }), out.columns))
}
