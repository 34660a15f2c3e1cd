import { contract } from '@plimsoll/model'
import { readEndpoint } from '@plimsoll/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFixtureRepo, shopBlueprint, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

/** What a laptop or a job of CI has: a repository, an address and a token, and no Plimsoll of its own. */
let laptop: PlimsollHome
let server: PlimsollHome
let repo: FixtureRepo
let address: string

beforeAll(async () => {
  server = await createPlimsollHome()
  // Whatever needs it starts it.
  expect((await server.run(['env', 'set', '--app', 'shop', 'web/NOTHING=1'])).code).toBe(0)
  address = (await readEndpoint(server.home)).url
  laptop = await createPlimsollHome({ PLIMSOLL_SERVER: address })
  repo = await createFixtureRepo({ directory: `${laptop.home}/repos/shop`, blueprint: shopBlueprint({ environment: { SHOP_DATA: `${server.home}/shop-data` } }) })
}, 60_000)
afterAll(async () => {
  expect(await laptop.leave()).toEqual([])
  expect(await server.leave()).toEqual([])
}, 60_000)

async function tokenFor(scope: 'viewer' | 'releaser'): Promise<string> {
  const { token } = await (await server.client()).call(contract.createToken, { body: { name: `${scope} of shop`, scope, apps: ['shop' as never], days: 1 } })
  return token
}

const run = async (scope: 'viewer' | 'releaser', ...args: readonly string[]): Promise<CommandEnd> => laptop.run([...args, '--token', await tokenFor(scope)], { cwd: repo.directory })

describe('a Plimsoll on another machine', () => {
  test('releases the commit that is sent to it, and not what lies beside it', async () => {
    await repo.write('shop-server.mjs', 'throw new Error("never committed")\n')
    const end = await run('releaser', 'release', '--json')
    expect(end.code, end.out.slice(-2000) + end.err).toBe(0)
    expect(end.err).toContain('Uncommitted changes stay here')
    const commit = await repo.git('rev-parse', 'HEAD')
    expect(end.release).toMatchObject({ number: 1, state: 'live', source: { commit, branch: 'main', subject: 'The shop opens', dirty: false } })
    await repo.git('checkout', '--', '.')
    await repo.change('B')
    expect((await run('releaser', 'release', '--json')).release).toMatchObject({ number: 2, state: 'live', source: { subject: 'Now B' } })
  }, 120_000)

  test('shows whoever may see how things are there, and lets them change nothing', async () => {
    expect((await run('viewer', 'status')).out).toContain('shop')
    expect(await run('viewer', 'release', '--json')).toMatchObject({ code: 2, problem: { code: 'FORBIDDEN' } })
    expect(await run('releaser', 'env', 'set', 'web/KEY=1', '--json')).toMatchObject({ code: 2, problem: { code: 'FORBIDDEN' } })
    expect(await laptop.run(['status', '--json', '--token', 'wrong'], { cwd: repo.directory })).toMatchObject({ code: 2, problem: { code: 'UNAUTHORIZED' } })
  }, 60_000)

  test('is not told to run what lies in a directory of its own by a releaser', async () => {
    const { createClient } = await import('@plimsoll/client')
    const client = createClient({ baseUrl: address, token: await tokenFor('releaser') })
    await expect(client.call(contract.startRelease, { params: { app: 'shop' }, body: { source: { root: repo.directory, blueprint: 'render.yaml' } } })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    for (const source of [{ sent: 'nothing-sent', blueprint: 'render.yaml' }, { sent: 'x', prefix: '../../..', blueprint: 'render.yaml' }]) {
      await expect(client.call(contract.startRelease, { params: { app: 'shop' }, body: { source } })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
  }, 60_000)

  test('goes back, and is not stopped from here', async () => {
    expect((await run('releaser', 'rollback', '--json')).release).toMatchObject({ kind: 'rollback', backTo: 1 })
    expect(await run('releaser', 'down', '--all', '--json')).toMatchObject({ code: 2, problem: { code: 'USAGE' } })
    expect((await server.run(['status'])).out).toContain('shop')
  }, 60_000)

  test('writes down who asked for it', async () => {
    const { entries } = await (await server.client()).call(contract.listAudit, { query: { app: 'shop', limit: 200 } })
    expect(entries.filter(({ who }) => who.name === 'releaser of shop').map(({ action, outcome }) => `${action} ${outcome}`)).toEqual(expect.arrayContaining(['sendSource allowed', 'startRelease allowed', 'rollBack allowed', 'setValues refused']))
  })
})
