import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gzipSync } from 'node:zlib'
import { z } from 'zod'
import type { DockerEngine } from '../../src/docker-engine/docker-engine.ts'
import { tarOf, type TarEntry } from '../../src/container/tar.ts'

/** Debian's `docker-registry`, with data and a loopback port of its own. */
export interface TestRegistry {
  /** `127.0.0.1:40123`: engines ask loopback addresses without TLS. */
  readonly host: string
  /** Gives it an image of one layer, by hand; gives its digest. `architecture` is that of this machine unless given. */
  put(image: { readonly name: string; readonly tag: string; readonly files: readonly TarEntry[]; readonly config?: object; readonly architecture?: string }): Promise<string>
  close(): Promise<void>
}

/** Why this machine has none for tests; undefined where it has. Throws where PLIMSOLL_REQUIRE says that it must. */
export function whyNoRegistry(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  try {
    execFileSync('docker-registry', ['--version'], { stdio: 'ignore' })
    return undefined
  } catch (error) {
    if ((environment['PLIMSOLL_REQUIRE'] ?? '').split(',').includes('registry')) throw new Error('PLIMSOLL_REQUIRE asks for registry, and there is no docker-registry on PATH', { cause: error })
    return 'skipped: no docker-registry'
  }
}

/** Who is let in by a registry with users. */
export const registryUser = { name: 'plim', password: 's3cret-word', line: 'plim:$2y$05$MkjUhbrZGUVqS2ncPPTZEuAmRI/uukmgfbuaw6rt/q1p9Rxt0spk.' } as const

/** With `users`, it lets nobody in but {@link registryUser}. */
export async function startRegistry({ users = false }: { readonly users?: boolean } = {}): Promise<TestRegistry> {
  const directory = await mkdtemp(join(tmpdir(), 'plimsoll-registry-'))
  if (users) await writeFile(join(directory, 'users'), `${registryUser.line}\n`)
  const auth = !users ? '' : `auth: { htpasswd: { realm: tests, path: ${join(directory, 'users')} } }\n`
  await writeFile(join(directory, 'config.yml'), `version: 0.1\nlog: { level: info }\nstorage: { filesystem: { rootdirectory: ${directory}/data }, delete: { enabled: true } }\nhttp: { addr: '127.0.0.1:0' }\n${auth}`)
  const child = spawn('docker-registry', ['serve', join(directory, 'config.yml')], { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env['PATH'], OTEL_TRACES_EXPORTER: 'none' } })
  const host = `127.0.0.1:${await portOf(child)}`
  return {
    host,
    put: (image) => put(host, image),
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill()
        await once(child, 'exit')
      }
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Removes from an engine what it has pulled from the registry at `host`, with the names that Plimsoll has given it. An image that somebody else has named stays. */
export async function forgetImagesOf(engine: DockerEngine, host: string, signal: AbortSignal): Promise<void> {
  const to = 'forget what was pulled'
  const found = await engine.read(listSchema, { path: '/images/json', query: { filters: { reference: [`${host}/*/*`] } }, to }, signal)
  for (const { RepoTags, RepoDigests } of found) {
    const ours = [...(RepoTags ?? []).filter((name) => name.startsWith('plimsoll/')), ...(RepoDigests ?? []).filter((name) => name.startsWith(`${host}/`))]
    for (const name of ours) await engine.call({ method: 'DELETE', path: `/images/${name}`, query: { force: true }, to, also: [404, 409] }, signal)
  }
}

const names = z.array(z.string()).nullish()
const listSchema = z.array(z.object({ RepoTags: names, RepoDigests: names }))

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stderr === null) throw new Error('a registry without output')
  const lines = createInterface({ input: child.stderr })
  const said: string[] = []
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line)
      const port = /listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1]
      if (port !== undefined) resolve(Number(port))
    })
    child.once('error', reject).once('exit', () => reject(new Error(`the registry ended:\n${said.join('\n')}`)))
  })
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/** One without users does not mind. */
const authorization = { authorization: `Basic ${Buffer.from(`${registryUser.name}:${registryUser.password}`).toString('base64')}` }

async function put(host: string, { name, tag, files, config = {}, architecture = architectures[process.arch] ?? process.arch }: Parameters<TestRegistry['put']>[0]): Promise<string> {
  const tar = Buffer.concat([...tarOf(files)])
  const layer = await putBlob(host, name, gzipSync(tar))
  const whole = { architecture, os: 'linux', config, rootfs: { type: 'layers', diff_ids: [digestOf(tar)] }, history: [{ created_by: 'a test' }] }
  const configuration = await putBlob(host, name, Buffer.from(JSON.stringify(whole)))
  const type = 'application/vnd.docker.distribution.manifest.v2+json'
  const manifest = JSON.stringify({
    schemaVersion: 2, mediaType: type, config: { mediaType: 'application/vnd.docker.container.image.v1+json', ...configuration },
    layers: [{ mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', ...layer }],
  })
  const answer = await fetch(`http://${host}/v2/${name}/manifests/${tag}`, { method: 'PUT', headers: { ...authorization, 'content-type': type }, body: manifest })
  if (!answer.ok) throw new Error(`the registry does not take a manifest: ${answer.status} ${await answer.text()}`)
  return digestOf(Buffer.from(manifest))
}

async function putBlob(host: string, name: string, content: Buffer<ArrayBuffer>): Promise<{ readonly digest: string; readonly size: number }> {
  const digest = digestOf(content)
  const begun = await fetch(`http://${host}/v2/${name}/blobs/uploads/`, { method: 'POST', headers: authorization })
  const place = new URL(begun.headers.get('location') ?? '', `http://${host}`)
  place.searchParams.set('digest', digest)
  const answer = await fetch(place, { method: 'PUT', headers: { ...authorization, 'content-type': 'application/octet-stream' }, body: content })
  if (!answer.ok) throw new Error(`the registry does not take a blob: ${answer.status} ${await answer.text()}`)
  return { digest, size: content.length }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
