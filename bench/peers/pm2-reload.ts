import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Peer } from './peer.ts'
import type { PeerWorld } from './peer-world.ts'
import { ownEnvironment, runTool } from './run-tool.ts'
import { environmentOf, portPair, programs, services, servesBoth, type Ports } from './storefront-at.ts'

const version = '7.0.4'

/**
 * `pm2 reload ecosystem.config.cjs --update-env` in cluster mode, the mode in which its documentation promises no downtime. Both
 * programs handle SIGINT; the time they get to end is raised from 1.6 s to 30, as the documentation says for long requests.
 * They say no `ready`, so a new process counts as such when it listens, as in cluster mode it does unless told otherwise.
 */
export const pm2Reload: Peer = {
  name: 'pm2 reload',
  documentation: 'https://pm2.keymetrics.io/docs/usage/cluster-mode/#reload and https://pm2.keymetrics.io/docs/usage/signals-clean-restart/',
  whyNot: async () => undefined,
  async setUp(world) {
    const ports = await portPair()
    const directory = join(world.home, 'pm2')
    await mkdir(directory)
    // Into the run's own directory: pm2 is no dependency of this project.
    await runTool('npm', ['install', '--prefix', directory, '--no-audit', '--no-fund', '--ignore-scripts', `pm2@${version}`], { cwd: directory, environment: ownEnvironment() })
    const pm2 = async (...args: readonly string[]): Promise<string> =>
      runTool(process.execPath, [join(directory, 'node_modules/pm2/bin/pm2'), ...args], { cwd: directory, environment: { PM2_HOME: join(directory, 'home'), PLIMSOLL_HOME: world.home } })
    const ecosystem = await prepare(world, { directory, release: 1, ports })
    world.atLeave(() => pm2('kill'))
    await pm2('start', ecosystem)
    await servesBoth(1, ports)
    return {
      webPort: ports.web,
      apiPort: ports.api,
      first: 1,
      async release(release, { asked, acknowledged }) {
        await prepare(world, { directory, release, ports })
        asked()
        await pm2('reload', ecosystem, '--update-env')
        await servesBoth(release, ports)
        acknowledged()
      },
      settled: async () => undefined,
    }
  },
}

interface Deployment {
  readonly directory: string
  readonly release: number
  readonly ports: Ports
}

/** Lays the release down, turns the link that pm2 knows each program by to it, and writes the file that says the rest. */
async function prepare(world: PeerWorld, { directory, release, ports }: Deployment): Promise<string> {
  const { url, socketDirectory } = await world.database()
  const apps = await Promise.all(services.map(async (service) => {
    const link = join(directory, `current-${service}`)
    await symlink(await world.layDown(service, release), `${link}.next`)
    await rename(`${link}.next`, link)
    const given = environmentOf(service, { release, host: '127.0.0.1', port: ports[service], databaseUrl: url(socketDirectory), api: `127.0.0.1:${ports.api}` })
    return { name: `storefront-${service}`, cwd: link, script: join(link, programs[service]), exec_mode: 'cluster', instances: 1, listen_timeout: 30_000, kill_timeout: 30_000, env: { PLIMSOLL_HOME: world.home, ...given } }
  }))
  const file = join(directory, 'ecosystem.config.cjs')
  await writeFile(file, `module.exports = ${JSON.stringify({ apps }, null, 2)}\n`)
  return file
}
