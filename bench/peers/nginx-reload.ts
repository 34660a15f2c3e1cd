import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startPeer, type Peer as Proxy } from '../edge/peers.ts'
import { nginxConf } from './nginx-conf.ts'
import type { Peer } from './peer.ts'
import type { Instance } from './peer-world.ts'
import { runTool } from './run-tool.ts'
import { portPair, services, servesBoth, type Ports } from './storefront-at.ts'

export const nginxCommand = '/usr/sbin/nginx'

/**
 * nginx in front of two sets of processes: the next release starts beside the old one on ports of its own, is waited for, nginx is
 * given the new addresses and reloaded, and the old release is ended once the last worker that knows it has gone by itself.
 */
export const nginxReload: Peer = {
  name: 'nginx reload',
  documentation: 'https://nginx.org/en/docs/control.html#reconfiguration and https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive',
  whyNot: async () => (existsSync(nginxCommand) ? undefined : 'no nginx'),
  async setUp(world) {
    const entries = await portPair()
    const directory = join(world.home, 'nginx')
    const raise = async (release: number): Promise<{ ports: Ports; instances: Instance[] }> => {
      const ports = await portPair()
      const instances = await Promise.all(services.map((service) => world.start(service, release, ports)))
      await servesBoth(release, ports)
      return { ports, instances }
    }
    let live = await raise(1)
    const nginx = await startPeer(asProxy, waysTo(entries, live.ports), directory)
    world.atLeave(nginx.stop)
    await servesBoth(1, entries)
    const retirements: Promise<void>[] = []
    return {
      webPort: entries.web,
      apiPort: entries.api,
      first: 1,
      async release(release, { asked, acknowledged }) {
        const next = await raise(release)
        const { file, text, args } = asProxy.configure(waysTo(entries, next.ports), directory)
        await writeFile(join(directory, file), text)
        await runTool(nginxCommand, ['-t', ...args], { cwd: directory })
        const workers = await childrenOf(nginx.pid)
        asked()
        await runTool(nginxCommand, ['-s', 'reload', ...args], { cwd: directory })
        // The command returns before there are new workers; a careful script asks until the new release answers.
        await servesBoth(release, entries)
        acknowledged()
        retirements.push(retire(live.instances, workers))
        live = next
      },
      settled: async () => Promise.all(retirements),
    }
  },
}

const asProxy: Proxy = {
  name: 'nginx',
  command: nginxCommand,
  configure: (ways, directory) => ({
    file: 'nginx.conf',
    args: ['-p', directory, '-e', join(directory, 'error.log'), '-c', join(directory, 'nginx.conf')],
    text: nginxConf({ directory, ways: ways.map(({ port, upstream }) => ({ listen: `127.0.0.1:${port}`, upstream: `${upstream.host}:${upstream.port}` })) }),
  }),
}

function waysTo(entries: Ports, ports: Ports): { port: number; upstream: { host: string; port: number }; kind: 'usual' }[] {
  return services.map((service) => ({ port: entries[service], upstream: { host: '127.0.0.1', port: ports[service] }, kind: 'usual' }))
}

async function retire(instances: readonly Instance[], workers: readonly string[]): Promise<void> {
  while (workers.some((pid) => existsSync(`/proc/${pid}`))) await sleep(100)
  await Promise.all(instances.map((instance) => instance.end('SIGTERM')))
}

async function childrenOf(pid: number): Promise<string[]> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter((child) => child !== '')
}
