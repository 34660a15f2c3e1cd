import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { ProxyKind } from '../../packages/edge/test/hostile/hostile-case.ts'

/** One way through a proxy: where it listens, where it sends to, and how it is to be set. */
export interface Way {
  readonly port: number
  readonly upstream: { readonly host: string; readonly port: number }
  readonly kind: ProxyKind
}

export interface Peer {
  readonly name: string
  readonly command: string
  /** Its configuration, as its own documentation sets up a proxy; `directory` is its own. */
  readonly configure: (ways: readonly Way[], directory: string) => { readonly file: string; readonly text: string; readonly args: readonly string[] }
}

export interface RunningPeer {
  readonly pid: number
  stop(): Promise<void>
}

const nginx: Peer = {
  name: 'nginx',
  command: '/usr/sbin/nginx',
  configure: (ways, directory) => {
    const timing: Readonly<Record<ProxyKind, string>> = {
      usual: '', narrow: 'client_max_body_size 1000;', 'impatient-heads': 'client_header_timeout 1s;', 'impatient-bodies': 'client_body_timeout 1s;',
    }
    const way = ({ port, upstream, kind }: Way, index: number): string => `
  upstream u${index} { server ${upstream.host}:${upstream.port}; keepalive 64; }
  server {
    listen 127.0.0.1:${port}; ${timing[kind]}
    location / {
      proxy_pass http://u${index};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Real-IP $remote_addr;
    }
  }`
    const text = `daemon off; worker_processes 1; pid ${directory}/pid; error_log ${directory}/error.log crit;
events { worker_connections 18000; }
http {
  access_log off; keepalive_requests 1000000000;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`).join(' ')}
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
${ways.map(way).join('')}
}
`
    return { file: 'nginx.conf', text, args: ['-p', directory, '-e', join(directory, 'error.log'), '-c', join(directory, 'nginx.conf')] }
  },
}

const haproxy: Peer = {
  name: 'HAProxy',
  command: '/usr/sbin/haproxy',
  configure: (ways, directory) => {
    const timing: Readonly<Record<ProxyKind, string>> = {
      usual: '', narrow: 'http-request deny deny_status 413 if { req.hdr_val(content-length) gt 1000 }', 'impatient-heads': 'timeout http-request 1s', 'impatient-bodies': 'timeout client 1s',
    }
    const text = `global
  nbthread 1
  maxconn 9000
defaults
  mode http
  option forwardfor
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout http-request 20s
  timeout http-keep-alive 75s
${ways.map(({ port, upstream, kind }, index) => `frontend f${index}
  bind 127.0.0.1:${port}
  ${timing[kind]}
  default_backend b${index}
backend b${index}
  server s ${upstream.host}:${upstream.port}
`).join('')}`
    return { file: 'haproxy.cfg', text, args: ['-db', '-f', join(directory, 'haproxy.cfg')] }
  },
}

const caddy: Peer = {
  name: 'Caddy',
  command: '/usr/bin/caddy',
  configure: (ways, directory) => {
    const server = ({ port, kind }: Way): string => (kind.startsWith('impatient') ? `  servers :${port} {\n    timeouts {\n      ${kind === 'impatient-heads' ? 'read_header' : 'read_body'} 1s\n    }\n  }\n` : '')
    const text = `{
  admin off
  auto_https off
  log {
    level ERROR
  }
${ways.map(server).join('')}}
${ways.map((way) => `http://:${way.port} {
  bind 127.0.0.1
  ${way.kind === 'narrow' ? 'request_body {\n    max_size 1000\n  }' : ''}
  reverse_proxy ${way.upstream.host}:${way.upstream.port}
}
`).join('')}`
    return { file: 'Caddyfile', text, args: ['run', '--adapter', 'caddyfile', '--config', join(directory, 'Caddyfile')] }
  },
}

export const peers: readonly Peer[] = [nginx, haproxy, caddy]

/** Starts it on one core, and returns when it listens on all of its ports. */
export async function startPeer(peer: Peer, ways: readonly Way[], directory: string): Promise<RunningPeer> {
  await mkdir(directory, { recursive: true })
  const { file, text, args } = peer.configure(ways, directory)
  await writeFile(join(directory, file), text)
  const child = spawn(peer.command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env['PATH'], HOME: directory, GOMAXPROCS: '1', XDG_CONFIG_HOME: directory, XDG_DATA_HOME: directory } })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2_000)))
  const ended = once(child, 'exit')
  await Promise.race([Promise.all(ways.map(async ({ port }) => listens(port))), ended.then(() => Promise.reject(new Error(`${peer.name} ended: ${said}`)))])
  return { pid: child.pid ?? 0, stop: async () => end(child, ended) }
}

async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await ended
  clearTimeout(late)
}

async function listens(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const stands = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'close').then(() => false)]).catch(() => false)
    socket.destroy()
    if (stands) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
