import { readdir } from 'node:fs/promises'
import { contract } from '@plimsoll/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFixtureRepo, shopBlueprint, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

const app = { params: { app: 'shop' } }

let plimsoll: PlimsollHome
let repo: FixtureRepo
beforeEach(async () => {
  // No room for anything that is not needed, and a disk that is always too short.
  plimsoll = await createPlimsollHome({ PLIMSOLL_ARTIFACTS_MB: '0', PLIMSOLL_FREE_MB: '1000000000' })
  repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint: shopBlueprint({ environment: { SHOP_DATA: `${plimsoll.home}/shop-data` } }) })
})
afterEach(async () => {
  expect(await plimsoll.leave()).toEqual([])
})

const run = (...args: readonly string[]): Promise<CommandEnd> => plimsoll.run([...args, '--json'], { cwd: repo.directory })

async function release(): Promise<void> {
  const end = await run('release')
  expect(end.code, `${end.out.slice(-3000)}${end.err}`).toBe(0)
}

async function digestOf(release: number): Promise<string> {
  const { artifacts } = await (await plimsoll.client()).call(contract.showRelease, { params: { ...app.params, release: String(release) } })
  return artifacts.map(({ digest }) => digest.replace('sha256:', '')).join()
}

/** What builds have left on the disk. */
async function onDisk(): Promise<{ artifacts: string[]; sources: string[] }> {
  const [artifacts, builds] = await Promise.all([readdir(`${plimsoll.home}/artifacts`), readdir(`${plimsoll.home}/builds/shop/web`)])
  return { artifacts: artifacts.toSorted(), sources: builds.filter((name) => name.startsWith('source')) }
}

test('a release that is cut off serves nobody any more, is not gone back to, and leaves the disk to others', { timeout: 120_000 }, async () => {
  await release()
  await repo.change('B')
  await release()
  const [first, second] = [await digestOf(1), await digestOf(2)]
  await expect.poll(onDisk, { timeout: 20_000 }).toEqual({ artifacts: [first, second].toSorted(), sources: [] })

  const cut = await run('cut-off', '1')
  expect(JSON.parse(cut.out)).toEqual({ app: 'shop', cutOff: 1, ended: [1] })
  expect(JSON.parse((await run('cut-off', '1')).out)).toEqual({ app: 'shop', cutOff: 1, ended: [] })
  expect(await (await plimsoll.client()).call(contract.showApp, app)).toMatchObject({ live: { number: 2 }, previous: [], cutOff: 1 })
  const refused = [await run('rollback', '--to', '1'), await run('rollback'), await run('cut-off', '2')]
  expect(refused.map(({ code, problem }) => [code, problem?.code])).toEqual([[25, 'CUT_OFF'], [23, 'NOTHING_TO_ROLL_BACK'], [2, 'USAGE']])

  // Every end of a release is followed by a look at the disk, also of one that found nothing new.
  await release()
  await expect.poll(onDisk, { timeout: 20_000 }).toEqual({ artifacts: [second], sources: [] })
  const { services } = await (await plimsoll.client()).call(contract.showApp, app)
  expect((await fetch(services[0]?.url ?? '')).status).toBe(200)
})
