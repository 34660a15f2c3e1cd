import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Shop } from '../../e2e/src/shop/start-shop.ts'
import { startPeer, type Peer as Proxy } from '../edge/peers.ts'
import type { Peer } from './peer.ts'
import { runTool } from './run-tool.ts'
import { environmentOf, portPair, services, servesBoth, type Ports } from './shop-at.ts'

const command = '/usr/sbin/nginx'

/**
 * nginx in front of two sets of processes: the next release starts beside the old one on ports of its own, is waited for, nginx is
 * given the new addresses and reloaded, and the old release is ended once the last worker that knows it has gone by itself.
 */
export const nginxReload: Peer = {
  name: 'nginx reload',
  documentation: 'https://nginx.org/en/docs/control.html#reconfiguration and https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive',
  whyNot: async () => (existsSync(command) ? undefined : 'no nginx'),
  async setUp(world) {
    const entries = await portPair()
    const directory = join(world.home, 'nginx')
    const raise = async (release: number): Promise<{ ports: Ports; shops: Shop[] }> => {
      const ports = await portPair()
      const shops = services.map((service) => world.start(release, environmentOf(service, { release, ports }), service))
      await servesBoth(release, ports)
      return { ports, shops }
    }
    let live = await raise(1)
    const nginx = await startPeer(asProxy(), waysTo(entries, live.ports), directory)
    await servesBoth(1, entries)
    const retirements: Promise<void>[] = []
    return {
      webPort: entries.web,
      apiPort: entries.api,
      async release(release, { asked, acknowledged }) {
        const next = await raise(release)
        const { file, text, args } = asProxy().configure(waysTo(entries, next.ports), directory)
        await writeFile(join(directory, file), text)
        await runTool(command, ['-t', ...args], { cwd: directory })
        const workers = await childrenOf(nginx.pid)
        asked()
        await runTool(command, ['-s', 'reload', ...args], { cwd: directory })
        // The command returns before there are new workers; a careful script asks until the new release answers.
        await servesBoth(release, entries)
        acknowledged()
        retirements.push(retire(live.shops, workers))
        live = next
      },
      settled: async () => Promise.all(retirements),
      close: nginx.stop,
    }
  },
}

function waysTo(entries: Ports, ports: Ports): { port: number; upstream: { host: string; port: number }; kind: 'usual' }[] {
  return services.map((service) => ({ port: entries[service], upstream: { host: '127.0.0.1', port: ports[service] }, kind: 'usual' }))
}

/** As the documentation sets up a proxy for an app with streams and sockets: connections to it are kept, and nothing is held back. */
function asProxy(): Proxy {
  return {
    name: 'nginx',
    command,
    configure: (ways, directory) => ({
      file: 'nginx.conf',
      args: ['-p', directory, '-e', join(directory, 'error.log'), '-c', join(directory, 'nginx.conf')],
      text: `daemon off; worker_processes auto; pid ${directory}/pid; error_log ${directory}/error.log warn;
events { worker_connections 4096; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`).join(' ')}
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
${ways.map(({ port, upstream }, index) => `  upstream u${index} { server ${upstream.host}:${upstream.port}; keepalive 64; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://u${index};
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_request_buffering off;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }
`).join('')}}
`,
    }),
  }
}

async function retire(shops: readonly Shop[], workers: readonly string[]): Promise<void> {
  while (workers.some((pid) => existsSync(`/proc/${pid}`))) await sleep(100)
  await Promise.all(shops.map((shop) => shop.end('SIGTERM')))
}

async function childrenOf(pid: number): Promise<string[]> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter((child) => child !== '')
}
