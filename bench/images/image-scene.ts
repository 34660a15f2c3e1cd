import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { engineAddress, openDockerEngine, type DockerEngine } from '../../packages/drivers/src/docker/docker.ts'
import { findBuildClient, type BuildClient } from '../../packages/drivers/src/image/build-client.ts'
import { readImageFiles } from '../../packages/drivers/src/image/read-image-files.ts'
import { openPlace } from '../../packages/drivers/src/process/place.ts'
import { standInImage } from '../../packages/drivers/test/stand-in/stand-in.ts'
import type { Service } from '../peers/storefront-at.ts'
import { docker } from '../peers/docker.ts'
import type { Way } from './ways.ts'

const never = new AbortController().signal
const repository = fileURLToPath(new URL('../../', import.meta.url))

/** A copy of the storefront, and an engine that builds it. */
export interface ImageScene {
  /** Changes one line of a service's source. */
  change(service: Service): Promise<void>
  build(way: Way, service: Service, options?: { readonly cold?: boolean }): Promise<BuiltImage>
  /** From the start of a container until the web app answers. */
  bootMs(image: string): Promise<number>
  /** How many packages of a registry an image holds. */
  packagesIn(image: string): Promise<number>
  leave(): Promise<void>
}

export interface BuiltImage {
  readonly id: string
  readonly tookMs: number
  readonly sizeBytes: number
  /** What it is larger than the base image that it runs on. */
  readonly addsBytes: number
}

/** Everything of it is named after the scene, so that nobody else's caches are used, or lost. */
export async function createImageScene(): Promise<ImageScene> {
  const home = await mkdtemp(join(tmpdir(), 'plimsoll-bench-images-'))
  const engine = openDockerEngine(engineAddress(process.env))
  const client = await findBuildClient(process.env, engine.address, never)
  const bases = { slim: (await standInImage(engine, 'slim', never)).name, minimal: (await standInImage(engine, 'minimal', never)).name }
  const context = join(home, 'storefront')
  await mkdir(context)
  await promisify(execFile)('sh', ['-c', 'git archive "HEAD:examples/storefront" | tar --extract --directory "$0"', context], { cwd: repository })
  const own = new Map<Service, string>()
  for (const service of ['api', 'web'] as const) own.set(service, await readFile(join(context, `apps/${service}/Dockerfile`), 'utf8'))
  const tags = new Set<string>()
  const caches = new Map<string, string>()
  const over = new AbortController()
  let building: Promise<unknown> = Promise.resolve()
  // Another number in every run: an engine knows all builds that it has ever done.
  let changes = Date.now()
  return {
    async change(service) {
      changes += 1
      await changeLine(context, service, changes)
    },
    async build(way, service, { cold = false } = {}) {
      const file = join(home, `${service}.Dockerfile`)
      const tag = `${basename(home).toLowerCase()}/${way.name.toLowerCase().replaceAll(/\W+/g, '-')}-${service}`
      if (cold || !caches.has(tag)) caches.set(tag, `${basename(home)}-${caches.size}`)
      await writeFile(file, way.dockerfile(service, (each) => own.get(each) ?? '').replaceAll(/(type=cache,id=)/g, `$1${caches.get(tag)}-`))
      // The one file that the repository and every way share.
      await writeFile(`${file}.dockerignore`, await readFile(join(context, '.dockerignore'), 'utf8'))
      tags.add(tag)
      const began = performance.now()
      building = buildWith(client, ['--file', file, '--tag', tag, '--build-arg', `NODE_BASE=${bases.slim}`, '--build-arg', `RUNTIME_BASE=${bases.minimal}`, ...(cold ? ['--no-cache'] : []), context], over.signal)
      await building
      const tookMs = performance.now() - began
      const [image, base] = await Promise.all([look(engine, tag), look(engine, bases[way.base])])
      return { id: image.Id, tookMs, sizeBytes: image.Size, addsBytes: image.Size - base.Size }
    },
    bootMs: (image) => bootMs(image),
    async packagesIn(image) {
      return (await readImageFiles({ engine, place: openPlace(home), image, directory: '/app', wanted: () => false, into: home }, never)).packages.length
    },
    async leave() {
      over.abort()
      // An image that is finished now would be left behind.
      await building.catch(() => undefined)
      for (const tag of tags) await docker('image', 'rm', '--force', tag)
      await rm(home, { recursive: true, force: true })
    },
  }
}

const lines: Readonly<Record<Service, { readonly path: string; readonly before: RegExp }>> = {
  web: { path: 'apps/web/src/shop/stock-words.ts', before: /in stock\w*/ },
  api: { path: 'apps/api/src/resources/health.ts', before: /The database does not answer\w*/ },
}

async function changeLine(context: string, service: Service, change: number): Promise<void> {
  const file = join(context, lines[service].path)
  const text = await readFile(file, 'utf8')
  const changed = text.replace(lines[service].before, (found) => `${found.replace(/\d+$/, '')}${change}`)
  if (changed === text) throw new Error(`${file} has no line to change`)
  await writeFile(file, changed)
}

async function buildWith({ program, environment, viaBuildx }: BuildClient, args: readonly string[], signal: AbortSignal): Promise<void> {
  const child = spawn(program, ['build', '--progress', 'plain', ...(viaBuildx ? ['--load'] : []), ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { said = `${said}${chunk}`.slice(-4_000) })
  const end = (): void => void child.kill()
  signal.addEventListener('abort', end, { once: true })
  const [code] = (await once(child, 'close')) as [number | null]
  signal.removeEventListener('abort', end)
  if (code !== 0) throw new Error(`docker build ended with ${code}:\n${said}`)
}

async function look(engine: DockerEngine, image: string): Promise<{ readonly Id: string; readonly Size: number }> {
  const { body } = await engine.call({ path: `/images/${image}/json`, to: 'look at an image' }, never)
  return JSON.parse(body) as { Id: string; Size: number }
}

async function bootMs(image: string): Promise<number> {
  const began = performance.now()
  const id = (await docker('run', '--detach', '--rm', '--publish', '127.0.0.1::3000', '--env', 'API_HOSTPORT=127.0.0.1:9', '--env', 'INTERNAL_TOKEN=between web and api alone', image)).trim()
  try {
    const address = (await docker('port', id, '3000/tcp')).trim().split('\n')[0] ?? ''
    for (;;) {
      if (performance.now() - began > 60_000) throw new Error(`${image} does not answer within a minute`)
      if (await fetch(`http://${address}/healthz`).then(({ ok }) => ok, () => false)) return performance.now() - began
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  } finally {
    await docker('kill', id)
  }
}
