import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, readEndpoint, type Client } from '@plimsoll/client'
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
import { openWitness } from './open-witness.ts'
import { processPlace } from './process-place.ts'
import type { WorldPlace } from './world-place.ts'

/** An app with one of everything, in a home of its own, whose API can be made to die anywhere. */
export interface CrashWorld {
  readonly place: WorldPlace
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
  /** What the app's programs told: `<ms> <what>`. */
  notes(): readonly string[]
  head(): Promise<string>
  leave(): Promise<string[]>
}

export interface CrashWorldOptions {
  /** Where its app lives; as processes unless given. */
  readonly place?: WorldPlace
  /** Added to that of its Plimsoll. */
  readonly environment?: Readonly<Record<string, string>>
  /** Lays the home on a disk of its own that can fill up. */
  readonly diskMegabytes?: number
}

/** A world whose disk can be filled in a moment. What is to stay free on it by itself is less than on a real one. */
export const smallWorld: CrashWorldOptions = { environment: { PLIMSOLL_FREE_MB: '50' }, diskMegabytes: 500 }

export async function createCrashWorld({ place = processPlace, environment = {}, diskMegabytes }: CrashWorldOptions = {}): Promise<CrashWorld> {
  // What is the app's own lies beside the home: it does not share its disk.
  const beside = await mkdtemp(join(tmpdir(), 'pf-'))
  await chmod(beside, 0o755)
  const faults = openFaultDoor(join(beside, 'faults'))
  const plimsoll = await createPlimsollHome({ ...place.environment, ...environment, ...faults.environment }, place.elsewhere?.enter)
  const { home } = plimsoll
  const disk = diskMegabytes === undefined ? undefined : await mountSmallDisk(home, { megabytes: diskMegabytes })
  const witness = await (place.elsewhere?.openWitness() ?? openWitness(place.host))
  const recipe = { ...place.files, 'render.yaml': crashBlueprint(place, witness.url) }
  const repo = await createFixtureRepo({ directory: join(beside, 'shop'), blueprint: recipe['render.yaml'], files: place.files })
  const call = async <Reply>(ask: (client: Client) => Promise<Reply>): Promise<Reply> => ask(await clientFor(place, plimsoll))
  const view = (): Promise<AppView> => call((client) => client.call(contract.showApp, { params: { app: 'shop' } }))
  // The first release says where the app lives; to say it again changes nothing.
  const placed = (args: readonly string[]): readonly string[] => (args[0] === 'up' ? [...args, '--on', place.name] : args)
  const start = (...args: readonly string[]): RunningCommand => plimsoll.start([...placed(args), '--json'], { cwd: repo.directory })
  const target = async (): Promise<LoadTarget> => place.elsewhere?.target ?? targetOf(await view())
  return {
    place, plimsoll, home, faults, disk, view, start, target,
    load: async (ratePerSecond) => startLoad({ target: await target(), ratePerSecond, seed: 11, pace: 0.3, longestMs: 7_200_000 }),
    change: (mood) => change(repo, mood, recipe),
    run: (...args) => start(...args).ended,
    releases: () => call(async (client) => (await client.call(contract.listReleases, { params: { app: 'shop' }, query: { limit: 100 } })).releases),
    detail: (release) => call((client) => client.call(contract.showRelease, { params: { app: 'shop', release } })),
    apiPid: async () => (await call((client) => client.call(contract.health, {}))).pid,
    notes: witness.notes,
    head: () => repo.git('rev-parse', 'HEAD'),
    async leave() {
      await start('down', '--all', '--destroy-data').ended
      const left = await place.left(home)
      left.push(...(await plimsoll.leave(() => disk?.unmount() ?? Promise.resolve())))
      await witness.close()
      await rm(beside, { recursive: true, force: true })
      return left
    },
  }
}

async function clientFor({ elsewhere }: WorldPlace, { home, client }: PlimsollHome): Promise<Client> {
  if (elsewhere === undefined) return client()
  const { url, token } = await readEndpoint(home)
  return createClient({ baseUrl: `http://127.0.0.1:${await elsewhere.reach(new URL(url).host)}`, token })
}

let changes = 0

async function change(repo: FixtureRepo, mood: Mood, recipe: Readonly<Record<string, string>>): Promise<void> {
  changes += 1
  for (const [path, text] of Object.entries(versionOf(mood, recipe))) await repo.write(path, text)
  await repo.change(`${changes} ${mood}`)
}

function targetOf({ services }: AppView): LoadTarget {
  const port = (name: string): number => Number(new URL(services.find(({ service }) => service === name)?.url ?? 'http://nowhere').port)
  return shopTarget(port('web'), port('api'))
}
