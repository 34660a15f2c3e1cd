import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type RunningPeer, startPeer } from './peers.ts'

/** By path: what is asked for, and how large it is. */
export const files = { '/100': 100, '/16k': 16 * 1_024, '/1m': 1_024 ** 2 } as const

/** Serves {@link files}, faster than any proxy asks for them. */
export async function startFiles(port: number, directory: string): Promise<RunningPeer> {
  const root = join(directory, 'root')
  await mkdir(root, { recursive: true, mode: 0o755 })
  for (const [path, size] of Object.entries(files)) await writeFile(join(root, path), 'x'.repeat(size))
  const text = `daemon off; user root; worker_processes 1; pid ${directory}/pid; error_log ${directory}/error.log crit;
events { worker_connections 18000; }
http { access_log off; keepalive_requests 1000000000; sendfile on; open_file_cache max=10; keepalive_timeout 75s;
  client_body_temp_path ${directory}/b; proxy_temp_path ${directory}/p; fastcgi_temp_path ${directory}/f; uwsgi_temp_path ${directory}/u; scgi_temp_path ${directory}/s;
  server { listen 127.0.0.1:${port}; root ${root}; } }
`
  const server = { name: 'files', command: '/usr/sbin/nginx', configure: () => ({ file: 'nginx.conf', text, args: ['-p', directory, '-e', join(directory, 'error.log'), '-c', join(directory, 'nginx.conf')] }) }
  return startPeer(server, [{ port, upstream: { host: '', port: 0 }, kind: 'usual' }], directory)
}
