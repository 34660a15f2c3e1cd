import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contract, type AppView } from '@plimsoll/model'
import { leftBehind } from '../src/leaks/left-behind.ts'
import { createFixtureRepo, shopBlueprint, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'
import { mountSmallDisk, whyNoSmallDisk, type SmallDisk, type SmallDiskOptions } from '../src/plimsoll/small-disk.ts'
import { startTrickle } from '../src/plimsoll/trickle.ts'

/** Where root runs the embedded database. */
const nobody = 65534
const skipped = await whyNoSmallDisk(`/tmp/plimsoll-small-disk-${process.pid}`)

/** One disk that fills up in the middle of a release. */
interface FullDisk {
  readonly title: string
  /** Below the home; the home itself when empty. */
  readonly directory: string
  readonly disk: SmallDiskOptions
  readonly blueprint: string
  /** Filled when this has been printed; else the build itself fills it. */
  readonly when?: RegExp
  readonly message: RegExp
}

const whenBuilding = /"is":"started","step":"build"/
const slow = shopBlueprint({ build: 'sleep 2' })

const fullDisks: readonly FullDisk[] = [
  {
    title: 'the builds, by a build that writes too much',
    directory: 'builds', disk: { megabytes: 16, mode: '0700' },
    blueprint: shopBlueprint({ build: 'dd if=/dev/zero of=large bs=1M count=100' }),
    message: /web: the disk filled up during the build/,
  },
  {
    title: 'the whole state directory, by something else',
    directory: '', disk: { megabytes: 300 },
    blueprint: slow, when: whenBuilding,
    message: /the disk filled up|disk .*is full/i,
  },
  {
    title: 'the database, which cannot write the journal any more',
    directory: 'postgres', disk: { megabytes: 160, uid: nobody, mode: '0700' },
    // Public values stand in the journal: one that fits on no page that is there already.
    blueprint: shopBlueprint({ build: 'sleep 2', environment: { NEXT_PUBLIC_LARGE: randomBytes(16_000).toString('hex') } }), when: whenBuilding,
    message: /The disk of the database at .* is full/,
  },
  {
    title: 'the edge, which cannot write its table any more',
    directory: 'edge', disk: { megabytes: 4, mode: '0700' },
    blueprint: slow, when: whenBuilding,
    message: /The edge could not write .*table\.json/,
  },
]

describe.skipIf(skipped !== undefined)(`a full disk${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let plimsoll: PlimsollHome
  let shop: FixtureRepo
  let disk: SmallDisk | undefined
  beforeEach(async () => {
    plimsoll = await createPlimsollHome()
  })
  afterEach(async () => {
    expect(await plimsoll.leave(() => disk?.unmount() ?? Promise.resolve())).toEqual([])
    disk = undefined
  }, 60_000)

  const command = (...args: readonly string[]): Promise<CommandEnd> => plimsoll.run([...args, '--json'], { cwd: shop.directory })
  const view = async (): Promise<AppView> => (await plimsoll.client()).call(contract.showApp, { params: { app: 'shop' } })

  async function releaseUntilFull({ blueprint, when }: FullDisk): Promise<CommandEnd> {
    await shop.write('render.yaml', blueprint)
    await shop.change('too large')
    const release = plimsoll.start(['release', '--json'], { cwd: shop.directory })
    if (when !== undefined) {
      await release.printed(when)
      await disk?.fill()
    }
    return release.ended
  }

  test.each(fullDisks)('of $title: is told as DISK_FULL, what is live serves on, and with room again `up` releases', { timeout: 120_000 }, async (full) => {
    disk = await mountSmallDisk(`${plimsoll.home}/${full.directory}`, full.disk)
    shop = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint: shopBlueprint({}) })
    const first = await command('up')
    expect(first.code, first.out.slice(-2000) + first.err).toBe(0)
    const trickle = startTrickle(`${(await view()).services[0]?.url}/v1/products`)

    const end = await releaseUntilFull(full)
    expect(end.problem, end.out.slice(-2000) + end.err).toMatchObject({
      code: 'DISK_FULL', message: expect.stringMatching(full.message) as string, hint: expect.stringMatching(/df -h \//) as string,
    })
    expect(end.code).toBe(41)
    expect(existsSync(`${plimsoll.home}/builds/shop/web/source/large`)).toBe(false)
    expect((await view()).live?.number).toBe(1)
    expect(await trickle.stop()).toMatchObject({ faults: [], servedBy: [expect.stringContaining('shop-web-r1-')] })

    const recovery = startTrickle(`${(await view()).services[0]?.url}/v1/products`)
    await disk.free()
    await shop.write('render.yaml', shopBlueprint({ environment: { ROOM: 'again' } }))
    await shop.change('with room')
    const again = await command('up')
    expect(again.release, again.out.slice(-2000) + again.err).toMatchObject({ state: 'live', number: 3 })
    expect(await recovery.stop()).toMatchObject({ faults: [] })
    const { releases } = await (await plimsoll.client()).call(contract.listReleases, { params: { app: 'shop' } })
    expect(releases.map(({ number, state }) => [number, state])).toEqual([[3, 'live'], [2, 'undone'], [1, 'previous']])
    expect(releases[1]?.outcome).toMatchObject({ problem: { code: 'DISK_FULL' } })
    expect(await leftBehind(plimsoll.home, 'shop-web-r2-')).toEqual([])
  })
})
