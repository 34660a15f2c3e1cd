import { engineAddress, openDockerEngine, type DockerEngine } from '@plimsoll/drivers/docker'
import { standInImage, whyNoDocker } from '@plimsoll/drivers/stand-in'
import { contract, type ReleaseDetail } from '@plimsoll/model'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { clearDocker } from '../src/docker/on-docker.ts'
import { standInImages } from '../src/docker/stand-in-images.ts'
import { createFixtureRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

const missing = await whyNoDocker(process.env)
const never = new AbortController().signal

const blueprint = `databases:
  - name: records
services:
  - type: web
    name: web
    runtime: docker
    dockerfilePath: ./Dockerfile
    healthCheckPath: /
    envVars:
      - { key: GREETING, sync: false }
      - key: DATABASE_URL
        fromDatabase: { name: records, property: connectionString }
`
/** Greets as its variable says, and tells which database it has. */
const greeter = `import { createServer } from 'node:http'
const { pathname } = new URL(process.env.DATABASE_URL)
createServer((request, response) => response.end(request.url === '/database' ? pathname : process.env.GREETING)).listen(Number(process.env.PORT), '0.0.0.0')
process.on('SIGTERM', () => process.exit(0))
`
/** What these tests are not about, and takes long; each has tests of its own. */
const leftOut = ['web.browser', 'web.requests', 'web.console', 'web.hydration', 'web.titles', 'web.accessibility', 'load.requests', 'release.switch', 'shutdown.graceful', 'environment.required', 'health.honest', 'services.cut', 'boot.time']
const config = `export default ${JSON.stringify({
  checks: { skip: leftOut.map((check) => ({ check, reason: 'takes long' })) },
  places: { staging: { driver: 'docker', variables: { GREETING: 'hello from staging' } }, production: { driver: 'docker', variables: { GREETING: 'hello from production' } } },
})}\n`

describe.skipIf(missing !== undefined)(`promoting on Docker${missing === undefined ? '' : ` (${missing})`}`, () => {
  let engine: DockerEngine
  let plimsoll: PlimsollHome
  let repo: FixtureRepo

  beforeEach(async () => {
    engine = openDockerEngine(engineAddress(process.env))
    plimsoll = await createPlimsollHome({ PLIMSOLL_SKIP_VERIFY: '', ...(await standInImages(engine, never)) })
    const base = (await standInImage(engine, 'slim', never)).name
    const dockerfile = `FROM ${base}\nWORKDIR /app\nCOPY greet.mjs release.txt ./\nUSER node\nCMD ["node", "greet.mjs"]\n`
    repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint, files: { 'plimsoll.config.ts': config, 'greet.mjs': greeter, 'release.txt': 'A\n', Dockerfile: dockerfile } })
  }, 300_000)
  afterEach(async () => {
    await clearDocker(engine, plimsoll.home, never)
    expect(await plimsoll.leave()).toEqual([])
  }, 120_000)

  const run = (...args: readonly string[]): Promise<CommandEnd> => plimsoll.run(args, { cwd: repo.directory })
  const detailOf = async (app: string, release: string): Promise<ReleaseDetail> => (await plimsoll.client()).call(contract.showRelease, { params: { app, release } })
  async function answerOf(app: string, path = '/'): Promise<string> {
    const { services } = await (await plimsoll.client()).call(contract.showApp, { params: { app } })
    return (await fetch(new URL(path, services[0]?.url))).text()
  }

  test('production runs the very images that ran in staging, unbuilt, proven there, with its own variables and its own database', { timeout: 600_000 }, async () => {
    const staged = await run('release', '--to', 'staging')
    expect(staged.code, `${staged.out.slice(-3000)}${staged.err}`).toBe(0)
    // What is committed since is for a later release, and could not be built.
    await repo.write('Dockerfile', 'FROM nothing-of-this-name\n')
    await repo.change('B')

    const promoted = await run('promote', 'staging', 'production')
    expect(promoted.code, `${promoted.out.slice(-3000)}${promoted.err}`).toBe(0)
    expect(promoted.out).toContain('Different from there: GREETING of web.')
    expect([await answerOf('shop-staging'), await answerOf('shop-production')]).toEqual(['hello from staging', 'hello from production'])
    const [there, here] = [await detailOf('shop-staging', '1'), await detailOf('shop-production', '1')]
    expect(here.artifacts.map(({ service, digest, fresh }) => ({ service, digest, fresh }))).toEqual(there.artifacts.map(({ service, digest }) => ({ service, digest, fresh: false })))
    expect(here.release).toMatchObject({ state: 'live', source: { commit: there.release.source.commit, promotedFrom: { app: 'shop-staging', release: 1 } } })
    expect(here.proof).toEqual({ ...there.proof, reused: true })
    // The images that run are one: the engine says so, whatever was written down.
    const runs = async (app: string): Promise<string[]> => {
      const { body } = await engine.call({ path: '/containers/json', query: { filters: { label: [`plimsoll.app=${app}`] } }, to: 'list' }, never)
      return (JSON.parse(body) as { readonly ImageID: string; readonly Labels: Readonly<Record<string, string>> }[]).filter(({ Labels }) => Labels['plimsoll.service'] === 'web').map(({ ImageID }) => ImageID)
    }
    const [inStaging, inProduction] = [await runs('shop-staging'), await runs('shop-production')]
    expect(inProduction).toHaveLength(1)
    expect(inProduction).toEqual(inStaging)

    // One that is promoted can be gone back from, as any other.
    expect((await run('rollback', '--app', 'shop-production')).code).not.toBe(0)
    expect(await answerOf('shop-production')).toBe('hello from production')
  })
})
