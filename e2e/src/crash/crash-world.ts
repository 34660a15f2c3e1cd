import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@plimsoll/client'
import { contract, type AppView, type Release, type ReleaseDetail } from '@plimsoll/model'
import { startLoad, type Load } from '../load/start-load.ts'
import type { LoadTarget } from '../load/load-target.ts'
import { createFixtureRepo, type FixtureRepo } from '../plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome, type RunningCommand } from '../plimsoll/plimsoll-home.ts'
import { mountSmallDisk, type SmallDisk } from '../plimsoll/small-disk.ts'
import { shopTarget } from '../shop/shop-target.ts'
import { crashBlueprint } from './crash-blueprint.ts'
import { openFaultDoor, type FaultDoor } from './fault-door.ts'
import { versionOf, type Mood } from './mood.ts'

/** An app with one of everything, in a home of its own, whose API can be made to die anywhere. */
export interface CrashWorld {
  readonly plimsoll: PlimsollHome
  readonly home: string
  readonly faults: FaultDoor
  /** That of the home, where it is one that can fill up. */
  readonly disk: SmallDisk | undefined
  /** Where the load goes; known once something is live. */
  target(): Promise<LoadTarget>
  load(ratePerSecond: number): Promise<Load>
  /** Commits the next version of every service; only a good one can be released. */
  change(mood: Mood): Promise<void>
  start(...args: readonly string[]): RunningCommand
  run(...args: readonly string[]): Promise<CommandEnd>
  view(): Promise<AppView>
  /** Newest first. */
  releases(): Promise<readonly Release[]>
  detail(release: number): Promise<ReleaseDetail>
  apiPid(): Promise<number>
  /** What the app's programs wrote: `<ms> <what>`. */
  notes(): Promise<readonly string[]>
  head(): Promise<string>
  leave(): Promise<string[]>
}

export interface CrashWorldOptions {
  /** Added to that of its Plimsoll. */
  readonly environment?: Readonly<Record<string, string>>
  /** Lays the home on a disk of its own that can fill up. */
  readonly diskMegabytes?: number
}

/** A world whose disk can be filled in a moment. What is to stay free on it by itself is less than on a real one. */
export const smallWorld: CrashWorldOptions = { environment: { PLIMSOLL_FREE_MB: '50' }, diskMegabytes: 500 }

export async function createCrashWorld({ environment = {}, diskMegabytes }: CrashWorldOptions = {}): Promise<CrashWorld> {
  // What is the app's own lies beside the home: it does not share its disk.
  const beside = await mkdtemp(join(tmpdir(), 'pf-'))
  await chmod(beside, 0o755)
  const faults = openFaultDoor(join(beside, 'faults'))
  const plimsoll = await createPlimsollHome({ ...environment, ...faults.environment })
  const disk = diskMegabytes === undefined ? undefined : await mountSmallDisk(plimsoll.home, { megabytes: diskMegabytes })
  const notes = join(beside, 'notes')
  const blueprint = crashBlueprint({ data: join(beside, 'data'), notes })
  const repo = await createFixtureRepo({ directory: join(beside, 'shop'), blueprint })
  const call = async <Reply>(ask: (client: Client) => Promise<Reply>): Promise<Reply> => ask(await plimsoll.client())
  const view = (): Promise<AppView> => call((client) => client.call(contract.showApp, { params: { app: 'shop' } }))
  const start = (...args: readonly string[]): RunningCommand => plimsoll.start([...args, '--json'], { cwd: repo.directory })
  const target = async (): Promise<LoadTarget> => targetOf(await view())
  return {
    plimsoll, home: plimsoll.home, faults, disk, view, start, target,
    load: async (ratePerSecond) => startLoad({ target: await target(), ratePerSecond, seed: 11, pace: 0.3, longestMs: 7_200_000 }),
    change: (mood) => change(repo, mood, blueprint),
    run: (...args) => start(...args).ended,
    releases: () => call((client) => client.call(contract.listReleases, { params: { app: 'shop' } })),
    detail: (release) => call((client) => client.call(contract.showRelease, { params: { app: 'shop', release } })),
    apiPid: async () => (await call((client) => client.call(contract.health, {}))).pid,
    notes: async () => (await readFile(notes, 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
    head: () => repo.git('rev-parse', 'HEAD'),
    async leave() {
      const left = await plimsoll.leave(() => disk?.unmount() ?? Promise.resolve())
      await rm(beside, { recursive: true, force: true })
      return left
    },
  }
}

let changes = 0

async function change(repo: FixtureRepo, mood: Mood, blueprint: string): Promise<void> {
  changes += 1
  for (const [path, text] of Object.entries(versionOf(mood, blueprint))) await repo.write(path, text)
  await repo.change(`${changes} ${mood}`)
}

function targetOf({ services }: AppView): LoadTarget {
  const port = (name: string): number => Number(new URL(services.find(({ service }) => service === name)?.url ?? 'http://nowhere').port)
  return shopTarget(port('web'), port('api'))
}
