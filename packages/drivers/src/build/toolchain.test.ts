import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { packageManifestSchema, type Workspace } from '@plimsoll/repository'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ownToolDirectory, prepareToolchain } from './toolchain.ts'

const run = promisify(execFile)
let home: string
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "plimsoll-tools-it's-"))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const options = (machine: Record<string, string> = {}) => ({ home, node: process.execPath, machine: { PATH: '/usr/bin:/bin', HOME: home, ...machine } })
const pinning = (manifest: object): Workspace => ({ root: { directory: '', name: 'root', manifest: packageManifestSchema.parse(manifest) }, packages: [] })

test('puts its own pnpm and Node before those of the machine, and keeps one store and one cache', async () => {
  const { environment, versions, warnings } = await prepareToolchain(options())
  const { stdout } = await run('sh', ['-c', 'command -v node; pnpm --version; pnpm store path'], { env: environment, cwd: home })
  const [node, version, store] = stdout.trim().split('\n')
  expect(node).toBe(process.execPath)
  expect(`pnpm ${version?.split('.')[0]}`).toBe(versions[1])
  expect(store).toContain(path.join(home, 'cache/pnpm-store'))
  expect(environment['TURBO_CACHE_DIR']).toBe(path.join(home, 'cache/turbo'))
  expect(warnings).toEqual([])
})

test("takes nothing from the machine but what reaches registries and prints text", async () => {
  const { environment } = await prepareToolchain(options({ HTTPS_PROXY: 'http://proxy.invalid', AWS_SECRET_ACCESS_KEY: 'secret', NODE_ENV: 'production', DATABASE_URL: 'postgres://live' }))
  expect(environment['HTTPS_PROXY']).toBe('http://proxy.invalid')
  expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['AWS_SECRET_ACCESS_KEY']))
  expect(environment['NODE_ENV']).toBeUndefined()
  expect(environment['DATABASE_URL']).toBeUndefined()
})

test('never lets a start install what an artifact lacks on purpose', async () => {
  const directory = path.join(home, 'artifact')
  await mkdir(path.join(directory, 'vendor/tool'), { recursive: true })
  await writeFile(path.join(directory, 'vendor/tool/package.json'), '{"name":"tool","version":"1.0.0"}')
  await writeFile(path.join(directory, 'package.json'), '{"scripts":{"start":"node -p 40+2"},"devDependencies":{"tool":"file:./vendor/tool"}}')
  const env = { HOME: home, PATH: `${await ownToolDirectory(home)}:${path.dirname(process.execPath)}:/usr/bin:/bin` }
  await run('pnpm', ['install', '--offline'], { cwd: directory, env })
  await rm(path.join(directory, 'node_modules'), { recursive: true })
  const { stdout } = await run('pnpm', ['--silent', 'start'], { cwd: directory, env })
  expect(stdout.trim()).toBe('42')
  expect(await readdir(directory)).not.toContain('node_modules')
})

test('brings another major version that a repository pins through npx', async () => {
  const bin = path.join(home, 'bin')
  await mkdir(bin)
  await writeFile(path.join(bin, 'npx'), '#!/bin/sh\necho "npx $*"\n')
  await chmod(path.join(bin, 'npx'), 0o755)
  const { environment, versions } = await prepareToolchain(options({ PATH: `${bin}:/usr/bin:/bin` }), pinning({ packageManager: 'pnpm@9.15.4+sha512.abc' }))
  expect((await run('pnpm', ['install'], { env: environment })).stdout.trim()).toBe('npx --yes pnpm@9.15.4 install')
  expect(versions[1]).toBe('pnpm 9')
  expect(environment['npm_config_store_dir']).toBe(path.join(home, 'cache/pnpm-store'))
})

test('says so when it cannot bring the pinned version, and uses its own for the same major version or a range', async () => {
  const { warnings } = await prepareToolchain({ ...options(), machine: { PATH: '/nowhere' } }, pinning({ packageManager: 'pnpm@9.15.4' }))
  expect(warnings).toEqual([expect.stringContaining('pins pnpm 9.15.4')])
  const own = async (manifest: object) => (await prepareToolchain(options(), pinning(manifest))).versions[1]
  const mine = (await prepareToolchain(options())).versions[1] ?? ''
  expect(await own({ packageManager: `${mine.replace(' ', '@')}.0.1` })).toBe(mine)
  expect(await own({ devEngines: { packageManager: { name: 'pnpm', version: '>=9' } } })).toBe(mine)
  expect(await own({ packageManager: 'yarn@4.0.0' })).toBe(mine)
})

test('brings Yarn through npx, in the version that a repository pins or else where this machine has none', async () => {
  const bin = path.join(home, 'bin')
  await mkdir(bin)
  const program = async (name: string): Promise<void> => {
    await writeFile(path.join(bin, name), `#!/bin/sh\necho "${name} $*"\n`)
    await chmod(path.join(bin, name), 0o755)
  }
  await program('npx')
  const machine = { PATH: `${bin}:/usr/bin:/bin` }
  const said = async (manifest: object): Promise<string> => (await run('yarn', ['install'], { env: (await prepareToolchain(options(machine), pinning(manifest))).environment })).stdout.trim()
  expect(await said({})).toBe('npx --yes --package=yarn@1.22.22 yarn install')
  await program('yarn')
  expect(await said({})).toBe('yarn install')
  expect(await said({ packageManager: 'yarn@1.22.19+sha1.abc' })).toBe('npx --yes --package=yarn@1.22.19 yarn install')
  expect(await said({ packageManager: 'yarn@4.18.1' })).toBe('npx --yes --package=@yarnpkg/cli-dist@4.18.1 yarn install')
  expect((await prepareToolchain(options(machine), pinning({ packageManager: 'yarn@4.18.1' }))).versions.at(-1)).toBe('yarn 4')
  expect((await prepareToolchain(options(machine))).versions).toHaveLength(2)
})
