import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Peer } from './peer.ts'
import { runTool } from './run-tool.ts'
import { environmentOf, portPair, services, servesBoth, type Ports } from './shop-at.ts'

const version = '7.0.4'
const script = fileURLToPath(new URL('../../e2e/fixtures/shop-server.mjs', import.meta.url))

/**
 * `pm2 reload ecosystem.config.cjs --update-env` in cluster mode, the mode in which its documentation promises no downtime. The
 * app says `ready` and handles SIGINT; the time it gets to end is raised from 1.6 s to 30, as the documentation says for long requests.
 */
export const pm2Reload: Peer = {
  name: 'pm2 reload',
  documentation: 'https://pm2.keymetrics.io/docs/usage/cluster-mode/#reload and https://pm2.keymetrics.io/docs/usage/signals-clean-restart/',
  whyNot: async () => undefined,
  async setUp({ home }) {
    const ports = await portPair()
    const directory = join(home, 'pm2')
    await mkdir(directory)
    // Into the run's own directory: pm2 is no dependency of this project.
    await runTool('npm', ['install', '--prefix', directory, '--no-audit', '--no-fund', '--ignore-scripts', `pm2@${version}`], { cwd: directory, environment: ownEnvironment() })
    const pm2 = async (...args: readonly string[]): Promise<string> =>
      runTool(process.execPath, [join(directory, 'node_modules/pm2/bin/pm2'), ...args], { cwd: directory, environment: { PM2_HOME: join(directory, 'home'), PLIMSOLL_HOME: home } })
    const file = await writeEcosystem(directory, { home, release: 1, ports })
    await pm2('start', file)
    await servesBoth(1, ports)
    return {
      webPort: ports.web,
      apiPort: ports.api,
      async release(release, { asked, acknowledged }) {
        await writeEcosystem(directory, { home, release, ports })
        asked()
        await pm2('reload', file, '--update-env')
        await servesBoth(release, ports)
        acknowledged()
      },
      settled: async () => undefined,
      close: async () => void (await pm2('kill')),
    }
  },
}

interface Build {
  readonly home: string
  readonly release: number
  readonly ports: Ports
}

async function writeEcosystem(directory: string, { home, release, ports }: Build): Promise<string> {
  const apps = services.map((service) => ({
    name: `shop-${service}`,
    script,
    exec_mode: 'cluster',
    instances: 1,
    wait_ready: true,
    listen_timeout: 10_000,
    kill_timeout: 30_000,
    env: { HOST: '127.0.0.1', SHOP_DATA: join(home, 'shop-data'), PLIMSOLL_HOME: home, ...environmentOf(service, { release, ports }) },
  }))
  const file = join(directory, 'ecosystem.config.cjs')
  await writeFile(file, `module.exports = ${JSON.stringify({ apps }, null, 2)}\n`)
  return file
}

/** npm finds its registry, its certificates and its cache where whoever started the bench has them. */
function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}
