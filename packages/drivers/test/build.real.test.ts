import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { BuildRequest } from '@plimsoll/engine'
import { appNameSchema, unitSpecSchema, type Artifact, type LogLine } from '@plimsoll/model'
import { readSource } from '@plimsoll/repository'
import { scratchRepository, type ScratchRepository } from '@plimsoll/repository/scratch-repository'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBuilder, type Builder } from '../src/build/builder.ts'
import { startOf } from '../src/build/process-tree.ts'

// Dependencies are directories of the repository, which pnpm installs into its virtual store like any other: no network is needed.
const monorepo = {
  '.gitignore': 'node_modules\ndist\n.env\n',
  'package.json': '{"name":"shop","private":true}',
  'pnpm-workspace.yaml': 'packages: [apps/*, packages/*]\n',
  'vendor/greet/package.json': '{"name":"greet","version":"1.0.0","main":"lib/greet.cjs","bin":{"serve":"serve.cjs"}}',
  'vendor/greet/serve.cjs*': "#!/usr/bin/env node\nrequire('node:http').createServer((_, answer) => answer.end(require('greet').greet())).listen(process.env.PORT)",
  'vendor/greet/lib/greet.cjs': "exports.greet = () => require('./word.cjs')",
  'vendor/greet/lib/word.cjs': "module.exports = 'hello'",
  'vendor/greet/unused.cjs': '',
  'vendor/compiler/package.json': '{"name":"compiler","version":"1.0.0","bin":{"compile":"compile.cjs"}}',
  'vendor/compiler/compile.cjs*': "#!/usr/bin/env node\nconst fs = require('node:fs'); fs.cpSync('src', 'dist', { recursive: true }); console.log('compiled with ' + (process.env.LEAK ?? 'no leak') + ' and ' + process.env.NEXT_PUBLIC_NAME)",
  'apps/api/package.json': JSON.stringify({
    name: '@shop/api', type: 'module', scripts: { build: 'compile', start: 'node dist/main.js', 'serve:greeting': 'serve' },
    dependencies: { '@shop/db': 'workspace:*', greet: 'file:../../vendor/greet' }, devDependencies: { compiler: 'file:../../vendor/compiler' },
  }),
  'apps/api/src/main.js': "import http from 'node:http'\nimport { tables } from '@shop/db'\nimport greet from 'greet'\nhttp.createServer((_, answer) => answer.end(greet.greet() + tables())).listen(process.env.PORT, '127.0.0.1')\n",
  'apps/api/src/main.test.js': '',
  'apps/api/src/plugins/loaded-by-directory.js': 'export default 1\n',
  'packages/db/package.json': '{"name":"@shop/db","type":"module","exports":"./lib/db.js"}',
  'packages/db/lib/db.js': "import { readFileSync } from 'node:fs'\nexport const tables = () => readFileSync(new URL('../sql/tables.sql', import.meta.url), 'utf8')\n",
  'packages/db/sql/tables.sql': 'select 1',
  'packages/db/README.md': 'about',
  'site/index.html': '<h1>hi</h1>',
  'site/.env': 'x',
}
const install = 'pnpm install --no-frozen-lockfile --offline'
const api = { service: 'api', kind: 'web', runtime: 'node', rootDir: '', maxShutdownDelayMs: 1000, instances: 1, buildCommand: `${install} && pnpm --filter @shop/api build`, startCommand: 'node apps/api/dist/main.js' }

let home: string
let repository: ScratchRepository
let builder: Builder
let lines: LogLine[]

beforeAll(async () => {
  home = await realpath(await mkdtemp(path.join(tmpdir(), 'plimsoll-home-')))
  repository = await scratchRepository(monorepo)
  builder = createBuilder({ home, machine: { ...process.env, LEAK: 'a leak' } })
})
afterAll(async () => {
  await repository.remove()
  await rm(home, { recursive: true, force: true, maxRetries: 3 })
})
beforeEach(() => {
  lines = []
})

interface Change {
  readonly spec?: object
  readonly environment?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  readonly from?: ScratchRepository
  readonly onLine?: (line: LogLine) => void
  readonly by?: Builder
}

async function build(change: Change = {}): Promise<Artifact> {
  const request: BuildRequest = {
    app: appNameSchema.parse('demo'),
    spec: unitSpecSchema.parse({ ...api, ...change.spec }),
    source: await readSource((change.from ?? repository).root),
    environment: { NEXT_PUBLIC_NAME: 'shop', ...change.environment },
    output: (line) => {
      lines.push(line)
      change.onLine?.(line)
    },
  }
  return (change.by ?? builder).build(request, change.signal ?? new AbortController().signal)
}

async function filesOf(artifact: Artifact): Promise<string[]> {
  const entries = await readdir(artifact.files, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => path.relative(artifact.files, path.join(entry.parentPath, entry.name))).sort()
}

const scratch = () => readdir(path.join(home, 'scratch')).catch(() => [])

describe('build', () => {
  test('makes an artifact of what runs: no devDependency, no test, no source, nothing unused, and no leak into the build', async () => {
    const artifact = await build()
    expect(artifact).toMatchObject({ service: 'api', layout: 'traced', fresh: true, publicValues: { NEXT_PUBLIC_NAME: 'shop' }, commit: await repository.git('rev-parse', 'HEAD') })
    const files = await filesOf(artifact)
    expect(files.filter((file) => !file.includes('node_modules'))).toEqual([
      'apps/api/dist/main.js', 'apps/api/dist/plugins/loaded-by-directory.js', 'apps/api/package.json', 'packages/db/lib/db.js', 'packages/db/package.json', 'packages/db/sql/tables.sql',
    ])
    expect(files.filter((file) => /compiler|unused/.test(file))).toEqual([])
    expect(artifact.waitedMs).toBeLessThan(artifact.buildMs)
    expect(lines.map((line) => line.text).join('\n')).toContain('compiled with no leak and shop')
    expect(lines.at(-1)?.text).toMatch(/^traced: .* opened its port after \d+ ms in an empty directory$/)
  })

  test('gives the kept artifact for equal inputs, also after a commit that changes nothing of the service', async () => {
    const first = await build()
    await repository.write({ 'render.yaml': `# ${Math.random()}` })
    await repository.commit('describe')
    const second = await build()
    expect(second).toEqual({ ...first, fresh: false, buildMs: second.buildMs })
    expect(lines).toEqual([])
    expect(second.buildMs).toBeLessThan(2_000)
  })

  test('gives the same digest for the same bytes, wherever and whenever they are built', async () => {
    const elsewhere = await realpath(await mkdtemp(path.join(tmpdir(), 'plimsoll-home-')))
    const again = await build({ by: createBuilder({ home: elsewhere, machine: process.env }) })
    expect(again.digest).toBe((await build()).digest)
    expect(again.fresh).toBe(true)
    await rm(elsewhere, { recursive: true, force: true })
  })

  test('runs outside of the repository by a package manager, and with a layout for what cannot be traced', async () => {
    expect(await build({ spec: { service: 'by-pnpm', startCommand: 'pnpm --filter @shop/api start' } })).toMatchObject({ layout: 'traced' })
    expect(lines.at(-1)?.text).toContain('opened its port')
    const opaque = await build({ spec: { service: 'by-shell', startCommand: 'sh -c "cd apps/api && node dist/main.js"' } })
    expect(opaque.layout).toBe('installed')
    expect(lines.at(-1)?.text).toContain('opened its port')
    expect((await filesOf(opaque)).filter((file) => /node_modules.*compile/.test(file))).toEqual([])
  })

  test('keeps the programs of production dependencies where package scripts find them', async () => {
    const artifact = await build({ spec: { service: 'by-program', startCommand: 'pnpm --filter @shop/api serve:greeting' } })
    expect(artifact.layout).toBe('installed')
    expect(lines.at(-1)?.text).toContain('opened its port')
    expect((await filesOf(artifact)).filter((file) => file.includes('.bin/'))).toEqual(['apps/api/node_modules/.bin/serve'])
  })

  test('falls back to the whole installation when code loads what its text does not show', async () => {
    await repository.write({ 'apps/api/src/main.js': `${monorepo['apps/api/src/main.js']}\nconst name = ['.', 'unused.cjs'].join('/')\nconst { createRequire } = await import('node:module')\nconst local = createRequire(import.meta.url)\nlocal(local('node:path').join(local.resolve('greet'), '../..', name))\n` })
    await repository.commit('load by a computed name')
    const artifact = await build({ spec: { service: 'computed' } })
    expect(artifact.layout).toBe('installed')
    expect(lines.at(-2)?.text).toContain('the traced layout does not run (its start command ended with MODULE_NOT_FOUND (')
    expect(lines.at(-1)?.text).toContain('opened its port')
    await repository.write({ 'apps/api/src/main.js': monorepo['apps/api/src/main.js'] })
    await repository.commit('take it back')
  })

  test('starts neither a worker nor a cron to try it', async () => {
    await repository.write({ 'apps/api/src/work.js': "import { tables } from '@shop/db'\nimport { writeFileSync } from 'node:fs'\nwriteFileSync(process.env.DONE, tables())\n" })
    await repository.commit('work')
    const done = path.join(home, 'done')
    const artifact = await build({ spec: { service: 'nightly', kind: 'cron', schedule: '0 0 * * *', startCommand: 'node apps/api/dist/work.js' }, environment: { DONE: done } })
    expect(artifact.layout).toBe('traced')
    await expect(stat(done)).rejects.toMatchObject({ code: 'ENOENT' })
    await promisify(execFile)('node', ['apps/api/dist/work.js'], { cwd: artifact.files, env: { ...process.env, DONE: done } })
    expect(await readFile(done, 'utf8')).toBe('select 1')
  })

  test('publishes the directory of a static site, and builds without a buildCommand', async () => {
    const artifact = await build({ spec: { service: 'site', kind: 'static', runtime: 'static', buildCommand: undefined, startCommand: undefined, staticSite: { publishPath: './site', headers: [], routes: [] } } })
    expect(artifact.layout).toBe('published')
    expect(await filesOf(artifact)).toEqual(['site/index.html'])
  })

  test('builds a dirty tree as it stands, and a directory without git', async () => {
    await repository.write({ 'packages/db/sql/tables.sql': 'select 2' })
    const dirty = await build()
    expect(dirty.fresh).toBe(true)
    expect(await readFile(path.join(dirty.files, 'packages/db/sql/tables.sql'), 'utf8')).toBe('select 2')
    await repository.git('checkout', '-q', '--', '.')
    expect(dirty.commit).toBeUndefined()
    const bare = await scratchRepository({ ...monorepo, 'packages/db/sql/tables.sql': 'select 3' }, { git: false })
    expect((await build({ from: bare })).commit).toBeUndefined()
    await bare.remove()
  })

  test('builds several services at once', async () => {
    const services = ['one', 'two', 'three', 'four']
    const artifacts = await Promise.all(services.map((service) => build({ spec: { service, buildCommand: `${api.buildCommand} && echo ${service}` } })))
    expect(artifacts.map((artifact) => artifact.service)).toEqual(services)
    expect(new Set(artifacts.map((artifact) => artifact.digest)).size).toBe(1)
  })
})

describe('a build that cannot succeed', () => {
  test('fails with the command, its exit and its last lines, and is built again the next time', async () => {
    const spec = { service: 'failing', buildCommand: 'echo about to fail; exit 3' }
    const failure = { code: 'BUILD_FAILED', details: { service: 'failing', command: spec.buildCommand, exitCode: 3, log: ['about to fail'] } }
    await expect(build({ spec })).rejects.toMatchObject(failure)
    await expect(build({ spec })).rejects.toMatchObject(failure)
    expect(await scratch()).toEqual([])
  })

  test('is told apart: nothing to install, an entry that is not there, a module that is not there, a missing directory', async () => {
    await expect(build({ spec: { service: 'bare', buildCommand: undefined, startCommand: 'node apps/api/src/main.js' } })).rejects.toMatchObject({ code: 'ARTIFACT_BROKEN', hint: expect.stringContaining('buildCommand') })
    await expect(build({ spec: { service: 'typo', startCommand: 'node apps/api/dist/mian.js' } })).rejects.toMatchObject({ code: 'ARTIFACT_BROKEN' })
    await expect(build({ spec: { service: 'nothing', startCommand: 'no-such-program' } })).rejects.toMatchObject({ code: 'ARTIFACT_BROKEN' })
    await expect(build({ spec: { service: 'site', kind: 'static', startCommand: undefined, staticSite: { publishPath: 'nowhere', headers: [], routes: [] } } })).rejects.toMatchObject({ code: 'ARTIFACT_BROKEN' })
    await expect(build({ spec: { service: 'boxed', runtime: 'docker' } })).rejects.toMatchObject({ code: 'PLACE_CANNOT' })
    expect(await scratch()).toEqual([])
  })

  test('is no broken artifact when its start only misses a database', async () => {
    await repository.write({ 'apps/api/src/needy.js': "import net from 'node:net'\nimport '@shop/db'\nconsole.log(process.env.DATABASE_URL)\nnet.connect(Number(new URL(process.env.DATABASE_URL).port), '127.0.0.1')\n" })
    await repository.commit('need a database')
    const artifact = await build({ spec: { service: 'needy', startCommand: 'node apps/api/dist/needy.js' }, environment: { DATABASE_URL: 'postgres://user:pass@live.example:5432/shop?host=/run/live' } })
    expect(artifact.layout).toBe('traced')
    expect(lines.at(-1)?.text).toContain('it ended by itself')
  })

  test('lists the links that lead out of the artifact', async () => {
    const spec = { service: 'linked', kind: 'static', startCommand: undefined, buildCommand: 'mkdir -p out && ln -sf /etc/hostname out/host', staticSite: { publishPath: 'out', headers: [], routes: [] } }
    await expect(build({ spec })).rejects.toMatchObject({ code: 'ARTIFACT_BROKEN', details: { log: ['escaping: out/host -> /etc/hostname'] } })
  })
})

describe('a build that is cut', () => {
  const slow = { service: 'slow', buildCommand: 'mkdir -p node_modules/half && sleep 600 & echo pid $!; wait' }

  test('leaves no process, no artifact and no half installed directory when it is aborted', async () => {
    const controller = new AbortController()
    const onLine = (line: LogLine) => {
      if (line.text.startsWith('pid')) controller.abort(new Error('stopped'))
    }
    await expect(build({ spec: slow, signal: controller.signal, onLine })).rejects.toThrow('stopped')
    expect(startOf(Number(lines.find((line) => line.text.startsWith('pid'))?.text.slice(4)))).toBeUndefined()
    expect(await scratch()).toEqual([])
    const next = await build({ spec: { ...slow, buildCommand: `test ! -e node_modules/half && ${api.buildCommand}` } })
    expect(next.fresh).toBe(true)
  })

  test.each([
    ['a build', (pipe: string) => ({ buildCommand: `mkdir -p node_modules/half && sleep 600 & echo $! > ${pipe}; wait` })],
    ['an artifact that is tried', (pipe: string) => ({ buildCommand: 'true', startCommand: `echo $$ > ${pipe}; exec sleep 600` })],
  ])('%s is cleared away after Plimsoll was killed', async (_, commands) => {
    const pipe = path.join(home, 'pid')
    await promisify(execFile)('mkfifo', [pipe])
    const program = path.join(home, 'killed.ts')
    const source = await readSource(repository.root)
    const request = { app: 'demo', spec: { ...api, service: 'slow', ...commands(pipe) }, source, environment: {} }
    await writeFile(program, `import { createBuilder } from ${JSON.stringify(path.resolve(import.meta.dirname, '../src/build/builder.ts'))}
const builder = createBuilder({ home: ${JSON.stringify(home)}, machine: process.env })
await builder.build({ ...${JSON.stringify(request)}, output: () => undefined }, new AbortController().signal)`)
    const child = spawn(process.execPath, [program], { stdio: 'inherit' })
    const pid = Number(await readFile(pipe, 'utf8'))
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(startOf(pid)).toBeDefined()
    await builder.sweep()
    expect(startOf(pid)).toBeUndefined()
    await build({ spec: { ...slow, buildCommand: `test ! -e node_modules/half && ${api.buildCommand} && true` } })
    await rm(pipe)
  })
})
