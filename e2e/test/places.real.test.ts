import { readFile } from 'node:fs/promises'
import { contract, type ReleaseDetail } from '@plimsoll/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFixtureRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

/** Greets as its variable says, and writes down each time that it is built. */
const blueprint = (more = ''): string => `services:
  - type: web
    name: web
    runtime: node
    buildCommand: node -e "fs.appendFileSync(process.env.BUILDS, 'built ')"
    startCommand: node greet.mjs
    healthCheckPath: /
    domains: [shop.example.com]
    envVars:
      - { key: BUILDS, value: ${JSON.stringify(`${plimsoll.home}/built.txt`)} }
      - { key: GREETING, sync: false }
      - { key: SESSION_KEY, generateValue: true }
${more}`
const greeter = `import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
createServer((request, response) => response.end(request.url === '/key' ? createHash('sha256').update(process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY).digest('hex') : process.env.GREETING)).listen(Number(process.env.PORT), '0.0.0.0')
`
/** What these tests are not about, and takes long; each has tests of its own. */
const leftOut = ['web.browser', 'web.requests', 'web.console', 'web.hydration', 'web.titles', 'web.accessibility', 'load.requests', 'release.switch', 'shutdown.graceful', 'environment.required', 'health.honest', 'services.cut', 'boot.time']
const config = (more: object = {}): string => `export default ${JSON.stringify({
  checks: { skip: leftOut.map((check) => ({ check, reason: 'takes long' })) },
  places: { staging: { driver: 'process', domains: false, variables: { GREETING: 'hello from staging' } }, production: { driver: 'process', variables: { 'web/GREETING': 'hello from production' } } },
  ...more,
})}\n`

let plimsoll: PlimsollHome
let repo: FixtureRepo
beforeEach(async () => {
  plimsoll = await createPlimsollHome({ PLIMSOLL_SKIP_VERIFY: '' })
  repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint: blueprint(), files: { 'plimsoll.config.ts': config(), 'greet.mjs': greeter } })
})
afterEach(async () => {
  expect(await plimsoll.leave()).toEqual([])
})

const run = (...args: readonly string[]): Promise<CommandEnd> => plimsoll.run(args, { cwd: repo.directory })
const unproven = ['--skip-verify', 'what is tried here is another thing'] as const

async function detailOf(app: string, release: string): Promise<ReleaseDetail> {
  return (await plimsoll.client()).call(contract.showRelease, { params: { app, release } })
}

/** What it answers. */
async function answerOf(app: string, path = '/'): Promise<string> {
  const { services } = await (await plimsoll.client()).call(contract.showApp, { params: { app } })
  return (await fetch(new URL(path, services[0]?.url))).text()
}

test('production runs the very artifacts that ran in staging, unbuilt, proven there, and with its own variables', { timeout: 180_000 }, async () => {
  const staged = await run('release', '--to', 'staging')
  expect(staged.code, `${staged.out.slice(-3000)}${staged.err}`).toBe(0)
  expect(await answerOf('shop-staging')).toBe('hello from staging')
  const built = await readFile(`${plimsoll.home}/built.txt`, 'utf8')
  // What is committed and written since is for a later release.
  await repo.change('B')
  await repo.write('greet.mjs', 'process.exit(1)')

  const promoted = await run('promote', 'staging', 'production')
  expect(promoted.code, `${promoted.out.slice(-3000)}${promoted.err}`).toBe(0)
  expect(promoted.out).toContain('Promoting release 1 of shop-staging to shop-production')
  expect(promoted.out).toContain('Different from there: GREETING of web.')
  expect(promoted.out).toContain('Made by Plimsoll for each place: SESSION_KEY of web.')
  expect(promoted.out).not.toContain('hello from')
  expect(await answerOf('shop-production')).toBe('hello from production')
  expect(await answerOf('shop-staging')).toBe('hello from staging')

  // What pages have encrypted with it is in the artifacts.
  expect(await answerOf('shop-production', '/key')).toBe(await answerOf('shop-staging', '/key'))

  const views = await (await plimsoll.client()).call(contract.listApps, {})
  expect(views.map(({ name, services }) => [name, services[0]?.domains])).toEqual([['shop-production', ['shop.example.com']], ['shop-staging', []]])

  const [there, here] = [await detailOf('shop-staging', '1'), await detailOf('shop-production', '1')]
  expect(here.artifacts.map(({ service, digest, fresh }) => ({ service, digest, fresh }))).toEqual(there.artifacts.map(({ service, digest }) => ({ service, digest, fresh: false })))
  expect(here.release.source).toMatchObject({ commit: there.release.source.commit, dirty: false, promotedFrom: { app: 'shop-staging', release: 1 } })
  expect(here.proof).toEqual({ ...there.proof, reused: true })
  expect(await readFile(`${plimsoll.home}/built.txt`, 'utf8')).toBe(built)

  // What follows was held in staging against the very release that is live in production by now.
  await repo.git('checkout', '-q', '--', '.')
  expect((await run('release', '--to', 'staging')).code).toBe(0)
  const next = await run('promote', 'staging', 'production', '--yes')
  expect(next.code, next.err).toBe(0)
  expect(next.out).toContain('Now B')
  expect(await detailOf('shop-production', '2')).toMatchObject({ release: { state: 'live' }, proof: { reused: true } })
  const changes = await (await plimsoll.client()).call(contract.showChanges, { params: { app: 'shop-production', release: '2' }, query: {} })
  expect(changes.commits).toMatchObject({ is: 'known', added: { commits: [{ subject: 'Now B' }], more: 0 }, dropped: { commits: [] } })
  await expect((await plimsoll.client()).call(contract.promote, { params: { app: 'shop-production' }, body: { from: there.release.app, release: there.release.number } })).rejects.toMatchObject({ code: 'NOT_PROMOTABLE' })
  expect((await run('rollback', '--app', 'shop-production')).code).toBe(0)

  // A release that names no place, as one that GitHub asks for, is still of this one.
  expect((await run('release', '--app', 'shop-staging')).code).toBe(0)
  expect((await detailOf('shop-staging', '3')).release).toMatchObject({ state: 'unchanged', source: { domains: false } })
})

test('what cannot go on as it is does not, and it is said why', { timeout: 180_000 }, async () => {
  expect(await run('release', '--to', 'nowhere')).toMatchObject({ code: 2, err: expect.stringContaining('plimsoll.config.ts names staging, production') })
  expect(await run('promote', 'staging', 'production')).toMatchObject({ code: 2, err: expect.stringContaining('There is no app "shop-staging"') })

  await repo.write('release.txt', 'in no commit')
  expect((await run('release', '--to', 'staging', ...unproven)).code).toBe(0)
  expect(await run('promote', 'staging', 'production')).toMatchObject({ code: 28, err: expect.stringContaining('holds files that are in no commit') })

  await repo.write('render.yaml', blueprint('      - { key: NEXT_PUBLIC_NAME, sync: false }\n'))
  const names = { staging: { driver: 'process', variables: { GREETING: 'hello', NEXT_PUBLIC_NAME: 'staging' } }, production: { driver: 'process', variables: { GREETING: 'hello', NEXT_PUBLIC_NAME: 'production' } } }
  await repo.write('plimsoll.config.ts', config({ places: names }))
  await repo.change('C')
  expect((await run('release', '--to', 'staging', ...unproven)).code).toBe(0)
  expect(await run('promote', 'staging', 'production', ...unproven)).toMatchObject({ code: 28, err: expect.stringContaining('NEXT_PUBLIC_NAME of web is built into the artifacts') })

  await repo.write('plimsoll.config.ts', config({ places: { ...names, process: { driver: 'process' } } }))
  expect(await run('release', '--to', 'staging')).toMatchObject({ code: 2, err: expect.stringMatching(/plimsoll\.config\.ts:\d+:\d+ places\.process: is the name of a driver/) })
  const client = await plimsoll.client()
  expect((await client.call(contract.listApps, {})).map(({ name }) => name)).toEqual(['shop-staging'])
})
