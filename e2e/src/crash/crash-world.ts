import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@plimsoll/client'
import { contract, type AppView, type Release, type ReleaseDetail } from '@plimsoll/model'
import { startLoad, type Load } from '../load/start-load.ts'
import type { LoadTarget } from '../load/load-target.ts'
import { createFixtureRepo, type FixtureRepo } from '../plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome, type RunningCommand } from '../plimsoll/plimsoll-home.ts'
import { shopTarget } from '../shop/shop-target.ts'
import { crashBlueprint } from './crash-blueprint.ts'
import { openFaultDoor, type FaultDoor } from './fault-door.ts'
import { versionOf, type Mood } from './mood.ts'

/** An app with one of everything, in a home of its own, whose API can be made to die anywhere. */
export interface CrashWorld {
  readonly plimsoll: PlimsollHome
  readonly home: string
  readonly faults: FaultDoor
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

/** `environment` is added to that of its Plimsoll. */
export async function createCrashWorld(environment: Readonly<Record<string, string>> = {}): Promise<CrashWorld> {
  const faultsDirectory = await mkdtemp(join(tmpdir(), 'pf-'))
  const faults = openFaultDoor(faultsDirectory)
  const plimsoll = await createPlimsollHome({ ...environment, ...faults.environment })
  const notes = join(plimsoll.home, 'repos/notes')
  const blueprint = crashBlueprint({ data: join(plimsoll.home, 'repos/data'), notes })
  const repo = await createFixtureRepo({ directory: join(plimsoll.home, 'repos/shop'), blueprint })
  const call = async <Reply>(ask: (client: Client) => Promise<Reply>): Promise<Reply> => ask(await plimsoll.client())
  const view = (): Promise<AppView> => call((client) => client.call(contract.showApp, { params: { app: 'shop' } }))
  const start = (...args: readonly string[]): RunningCommand => plimsoll.start([...args, '--json'], { cwd: repo.directory })
  const target = async (): Promise<LoadTarget> => targetOf(await view())
  return {
    plimsoll, home: plimsoll.home, faults, view, start, target,
    load: async (ratePerSecond) => startLoad({ target: await target(), ratePerSecond, seed: 11, pace: 0.3, longestMs: 7_200_000 }),
    change: (mood) => change(repo, mood, blueprint),
    run: (...args) => start(...args).ended,
    releases: () => call((client) => client.call(contract.listReleases, { params: { app: 'shop' } })),
    detail: (release) => call((client) => client.call(contract.showRelease, { params: { app: 'shop', release } })),
    apiPid: async () => (await call((client) => client.call(contract.health, {}))).pid,
    notes: async () => (await readFile(notes, 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
    head: () => repo.git('rev-parse', 'HEAD'),
    async leave() {
      const left = await plimsoll.leave()
      await rm(faultsDirectory, { recursive: true, force: true })
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
