import { execFile } from 'node:child_process'
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { BuildRequest } from '@plimsoll/engine'
import { appNameSchema, unitSpecSchema, type Artifact } from '@plimsoll/model'
import { readSource } from '@plimsoll/repository'
import { scratchRepository, type ScratchRepository } from '@plimsoll/repository/scratch-repository'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { engineAddress } from '../src/docker-engine/engine-address.ts'
import { openDockerEngine } from '../src/docker-engine/docker-engine.ts'
import { createImageBuilder, type ImageBuilderOptions } from '../src/image/image-builder.ts'
import { removeImageNames } from '../src/image/image-names.ts'
import { standInImage, whyNoDocker } from './stand-in/stand-in.ts'

const never = new AbortController().signal
const missing = await whyNoDocker(process.env)

// Dependencies are directories of the repository. Only the tools of the build come from a registry.
const files = {
  '.gitignore': 'node_modules\ndist\n',
  'package.json': '{"name":"shop","private":true}',
  'pnpm-workspace.yaml': 'packages: [apps/*, packages/*]\n',
  'vendor/greet/package.json': '{"name":"greet","version":"1.0.0","license":"MIT","main":"greet.cjs"}',
  'vendor/greet/greet.cjs': "exports.greet = () => 'hello'",
  'vendor/greet/unused.cjs': '',
  'vendor/compiler/package.json': '{"name":"compiler","version":"1.0.0","bin":{"compile":"compile.cjs"}}',
  'vendor/compiler/compile.cjs*': "#!/usr/bin/env node\nrequire('node:fs').cpSync('src', 'dist', { recursive: true }); console.log('compiled with ' + process.env.TOKEN.length + ' letters')",
  'apps/api/package.json': JSON.stringify({
    name: '@shop/api', type: 'module', scripts: { build: 'compile' },
    dependencies: { '@shop/db': 'workspace:*', greet: 'file:../../vendor/greet' }, devDependencies: { compiler: 'file:../../vendor/compiler' },
  }),
  'apps/api/src/main.js': "import http from 'node:http'\nimport { tables } from '@shop/db'\nimport greet from 'greet'\nhttp.createServer((_, answer) => answer.end(greet.greet() + ' ' + tables())).listen(process.env.PORT)\nprocess.on('SIGTERM', () => process.exit(0))\n",
  'packages/db/package.json': '{"name":"@shop/db","type":"module","exports":"./lib/db.js"}',
  'packages/db/lib/db.js': "import { readFileSync } from 'node:fs'\nexport const tables = () => readFileSync(new URL('../sql/tables.sql', import.meta.url), 'utf8')\n",
  'packages/db/lib/migrate.js': "import { tables } from './db.js'\nconsole.log('ran ' + tables())\n",
  'packages/db/sql/tables.sql': 'select 1',
  'site/index.html': '<h1>hi</h1>',
}

describe.skipIf(missing !== undefined)(`images from a Dockerfile that is written${missing === undefined ? '' : ` (${missing})`}`, () => {
  const engine = openDockerEngine(engineAddress(process.env))
  const made = new Set<string>()
  let home: string
  let repository: ScratchRepository
  let options: ImageBuilderOptions
  let api: Artifact

  beforeAll(async () => {
    home = await realpath(await mkdtemp(path.join(tmpdir(), 'plimsoll-images-')))
    repository = await scratchRepository(files)
    await promisify(execFile)('npx', ['--yes', 'pnpm@12', 'install', '--lockfile-only', '--offline'], { cwd: repository.root })
    await repository.commit('lock')
    options = { home, machine: process.env, engine, bases: { build: (await standInImage(engine, 'slim', never)).name, runtime: (await standInImage(engine, 'minimal', never)).name } }
    api = await build()
  }, 300_000)
  afterAll(async () => {
    for (const id of made) await removeImageNames(engine, id, never)
    await repository.remove()
    await rm(home, { recursive: true, force: true, maxRetries: 3 })
  })

  async function build(change: { spec?: object; noCache?: boolean } = {}): Promise<Artifact> {
    const spec = {
      service: 'api', kind: 'web', runtime: 'node', rootDir: '', maxShutdownDelayMs: 1000, instances: 1, healthCheckPath: '/',
      buildCommand: 'pnpm install --frozen-lockfile && pnpm --filter @shop/api build', startCommand: 'node apps/api/dist/main.js', preDeployCommand: 'node packages/db/lib/migrate.js', ...change.spec,
    }
    const request: BuildRequest = { app: appNameSchema.parse('written-test'), spec: unitSpecSchema.parse(spec), source: await readSource(repository.root), environment: { TOKEN: 'very-secret' }, output: () => undefined }
    const artifact = await createImageBuilder({ ...options, noCache: change.noCache ?? false }).build(request, never)
    made.add(artifact.digest)
    return artifact
  }

  const configSchema = z.object({ Config: z.object({ User: z.string(), Env: z.array(z.string()), Cmd: z.array(z.string()), Healthcheck: z.object({ Test: z.array(z.string()) }), Labels: z.record(z.string(), z.string()) }) })
  const docker = async (...args: string[]) => (await promisify(execFile)('docker', args)).stdout.trim()

  test('it runs as no root, with Node as its first process, and becomes healthy by asking itself', async () => {
    const id = await docker('run', '--detach', '--rm', '--health-interval=200ms', api.digest)
    try {
      await expect.poll(() => docker('inspect', '--format', '{{.State.Health.Status}}', id), { timeout: 60_000 }).toBe('healthy')
      expect(await docker('top', id, '-o', 'pid,uid,args')).toMatch(/^PID\s+UID\s+COMMAND\n\d+\s+65532\s+node apps\/api\/dist\/main\.js$/)
      const script = "fetch('http://127.0.0.1:3000').then((a) => a.text()).then(console.log)"
      expect(await docker('exec', id, 'node', '-e', script)).toBe('hello select 1')
    } finally {
      await docker('stop', id)
    }
  }, 120_000)

  test('every command of the Blueprint runs in it', async () => {
    expect(await docker('run', '--rm', api.digest, 'node', 'packages/db/lib/migrate.js')).toBe('ran select 1')
  }, 60_000)

  test('it holds what its programs reach, and no value of the build', async () => {
    const { Config } = await engine.read(configSchema, { path: `/images/${api.digest}/json`, to: 'look' }, never)
    expect(Config).toMatchObject({ User: '65532:65532', Cmd: ['node', 'apps/api/dist/main.js'], Labels: { 'org.opencontainers.image.revision': api.commit, 'plimsoll.inputs': api.inputs } })
    const listed = await docker('run', '--rm', api.digest, 'node', '-p', "require('fs').readdirSync('/app', { recursive: true }).join()")
    expect(listed).toContain('greet.cjs')
    expect(listed).not.toMatch(/unused|compile|\.env|pnpm-lock/)
    const everything = JSON.stringify(Config) + (await engine.call({ path: `/images/${api.digest}/history`, to: 'look' }, never)).body
    expect(everything).not.toContain('very-secret')
  }, 60_000)

  test('its bill of materials names what is in it, and what was only needed to build it is not there', async () => {
    const bill = z.object({ components: z.array(z.object({ name: z.string() })) }).parse(JSON.parse(await readFile(path.join(api.files, '../sbom.cdx.json'), 'utf8')))
    expect(bill.components.map(({ name }) => name)).toEqual(['greet'])
  })

  test('built again without any cache it is the same image', async () => {
    expect(await build({ noCache: true })).toMatchObject({ digest: api.digest, fresh: true })
  }, 300_000)

  test('the files of a static site come out of its image for the edge', async () => {
    const site = await build({ spec: { service: 'site', kind: 'static', runtime: 'static', buildCommand: 'true', startCommand: undefined, preDeployCommand: undefined, staticSite: { publishPath: 'site', headers: [], routes: [] } } })
    expect(await readFile(path.join(site.files, 'site/index.html'), 'utf8')).toBe('<h1>hi</h1>')
  }, 300_000)
})
