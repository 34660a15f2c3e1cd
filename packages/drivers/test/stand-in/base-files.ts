import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { TarEntry } from '../../src/container/tar.ts'

const busybox = '/bin/busybox'
const trusted = process.env['NODE_EXTRA_CA_CERTS'] ?? '/etc/ssl/certs/ca-certificates.crt'

/** The whole of a small Linux: `slim` like Debian's slim image with Node, npm and a shell; `minimal` like a distroless one, with Node alone. */
export type StandIn = 'slim' | 'minimal'

/** Changes whenever what `baseFiles` gives does, and is had without reading 127 MB of Node. */
export function baseKey(standIn: StandIn): string {
  const parts = [process.execPath, ...(standIn === 'slim' ? [busybox] : []), ...librariesOf(process.execPath)].filter((path) => existsSync(path)).map((path) => `${path} ${statSync(path).size}`)
  const root = standIn === 'slim' ? npmRoot() : undefined
  const texts = [import.meta.filename, trusted, ...(root === undefined ? [] : [join(root, 'package.json')])].filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8'))
  return [standIn, process.version, ...parts, ...texts].join('\n')
}

/** What the image of a stand-in holds, from what this machine has. Throws where `slim` misses its static shell. */
export function baseFiles(standIn: StandIn): TarEntry[] {
  const node: TarEntry = { path: standIn === 'slim' ? 'usr/local/bin/node' : 'nodejs/bin/node', mode: 0o755, content: readFileSync(process.execPath) }
  return [...system(), node, ...libraries(process.execPath), ...(standIn === 'slim' ? [...shell(), ...npm()] : [])]
}

/** Users as Node's own image and distroless ones have them; certificates that this machine trusts. */
export function system(): TarEntry[] {
  const users = [['root', 0, '/root'], ['node', 1000, '/home/node'], ['nonroot', 65532, '/home/nonroot'], ['nobody', 65534, '/nonexistent']] as const
  return [
    { path: 'tmp/', mode: 0o1777 },
    { path: 'root/', mode: 0o700 },
    { path: 'home/node/', mode: 0o755, uid: 1000 },
    { path: 'home/nonroot/', mode: 0o755, uid: 65532 },
    file('etc/passwd', users.map(([name, id, home]) => `${name}:x:${id}:${id}:${name}:${home}:/bin/sh\n`).join('')),
    file('etc/group', users.map(([name, id]) => `${name}:x:${id}:\n`).join('')),
    file('etc/nsswitch.conf', 'hosts: files dns\n'),
    ...(existsSync(trusted) ? [{ path: 'etc/ssl/certs/ca-certificates.crt', mode: 0o644, content: readFileSync(trusted) }] : []),
  ]
}

function libraries(program: string): TarEntry[] {
  return librariesOf(program).map((path) => ({ path: path.slice(1), mode: 0o755, content: readFileSync(path) }))
}

/** The shared libraries that a program names, at the places where it looks for them, those by which the C library resolves names, and those that other programs of the C library's name. */
export function librariesOf(program: string): string[] {
  const needed = [...execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path)
  const directories = [...new Set(needed.map((path) => dirname(path)))]
  const resolvers = ['libresolv.so.2', 'libnss_dns.so.2', 'libnss_files.so.2', 'librt.so.1', 'libdl.so.2', 'libpthread.so.0', 'libgcc_s.so.1'].flatMap((name) => directories.map((directory) => join(directory, name))).filter((path) => existsSync(path))
  return [...new Set([...needed, ...resolvers])]
}

export function shell(): TarEntry[] {
  if (!existsSync(busybox)) throw new Error(`This stand-in for a base image needs a static shell at ${busybox}: apt-get install busybox-static`)
  const applets = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).split('\n').filter((name) => name !== '' && name !== 'busybox')
  return [
    { path: 'bin/busybox', mode: 0o755, content: readFileSync(busybox) },
    ...applets.map((name) => ({ path: `bin/${name}`, mode: 0o777, link: 'busybox' })),
    { path: 'usr/bin/env', mode: 0o777, link: '/bin/busybox' },
    file('usr/local/bin/docker-entrypoint.sh', '#!/bin/sh\n# What is no program is a script or an option of Node.\ncommand -v "$1" >/dev/null && [ "${1#-}" = "$1" ] || set -- node "$@"\nexec "$@"\n', 0o755),
  ]
}

function npm(): TarEntry[] {
  const root = npmRoot()
  if (root === undefined) return []
  const to = 'usr/local/lib/node_modules/npm'
  return [
    ...filesBelow(root).map((path) => entryAt(path, join(to, relative(root, path)))),
    ...['npm', 'npx'].map((name) => ({ path: `usr/local/bin/${name}`, mode: 0o777, link: `../lib/node_modules/npm/bin/${name}-cli.js` })),
  ]
}

/** Of this machine's own npm, if it has one. */
function npmRoot(): string | undefined {
  const found = (process.env['PATH'] ?? '').split(':').map((directory) => join(directory, 'npm')).find((path) => existsSync(path))
  const root = found === undefined ? undefined : join(dirname(realpathSync(found)), '..')
  return root !== undefined && existsSync(join(root, 'package.json')) ? root : undefined
}

export function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true }).filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name)).toSorted()
}

export function entryAt(path: string, to: string): TarEntry {
  try {
    return { path: to, mode: 0o777, link: readlinkSync(path) }
  } catch {
    // EINVAL: it is a file, and no link.
    return { path: to, mode: to.includes('/bin/') ? 0o755 : 0o644, content: readFileSync(path) }
  }
}

export function file(path: string, text: string, mode = 0o644): TarEntry {
  return { path, mode, content: Buffer.from(text) }
}
