import { contract, type ReleaseDetail } from '@plimsoll/model'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFaultDoor, type FaultDoor } from '../crash/fault-door.ts'
import { switchesIn } from '../crash/switches-in.ts'
import { judge, type Judgement } from '../judge/judge.ts'
import { renderJudgement } from '../judge/render-judgement.ts'
import { wallNow, type LoadRecord } from '../load/load-record.ts'
import { pause } from '../load/pause.ts'
import type { CommandEnd, RunningCommand } from '../plimsoll/plimsoll-home.ts'
import { untilAtRest } from './cluster-at-rest.ts'
import { loadByEdges } from './load-by-edges.ts'
import { lossesBy, renderLosses, type Losses } from './losses-by.ts'
import { createSwarmStage, type SwarmStage, type SwarmStageOptions } from './swarm-stage.ts'

/** A shop in a cluster that is released, under load by both edges, while something is struck. */
export interface FaultStage {
  readonly stage: SwarmStage
  readonly faults: FaultDoor
  /** Starts a release of what is in the repository. */
  start(): RunningCommand
  /** Waits for its end. Throws what it printed where it did not succeed. */
  released(running: RunningCommand): Promise<CommandEnd>
  /**
   * Changes the repository, and puts load on both edges while `work` is done, until the cluster is whole again. `work` says when it strikes something.
   */
  troubled(work: (struck: () => void) => Promise<void>): Promise<Troubled>
  /** Takes everything down, and gives the commands of processes that did not end by themselves. */
  leave(): Promise<string[]>
}

/** What became of a load that something was struck under; one of each for each edge. */
export interface Troubled {
  readonly losses: readonly Losses[]
  readonly judgements: readonly Judgement[]
  readonly records: readonly (readonly LoadRecord[])[]
  /** Of the releases that were made meanwhile. */
  readonly releases: readonly ReleaseDetail[]
  /** All of it, for people. */
  readonly seen: string
}

const streamGraceMs = 10_000
const longestMs = 300_000

export interface FaultStageOptions extends Pick<SwarmStageOptions, 'services' | 'edge'> {
  /** By both edges together. */
  readonly ratePerSecond: number
  /** Equal seeds give equal arrivals. */
  readonly seed: number
}

/** The first release is live when it resolves. */
export async function createFaultStage({ ratePerSecond, seed, ...shape }: FaultStageOptions): Promise<FaultStage> {
  const beside = await mkdtemp(join(tmpdir(), 'pf-'))
  const faults = openFaultDoor(join(beside, 'faults'))
  const stage = await createSwarmStage({ ...shape, environment: faults.environment })
  const start = (): RunningCommand => stage.plimsoll.start(['release', '--to', 'production', '--json'], { cwd: stage.repo.directory })
  let version = 0
  const leave = async (): Promise<string[]> => {
    const left = await stage.leave()
    await rm(beside, { recursive: true, force: true })
    return left
  }
  try {
    await released(start())
  } catch (error) {
    await leave()
    throw error
  }
  return {
    stage, faults, start, released, leave,
    async troubled(work) {
      const { live } = await (await stage.client()).call(contract.showApp, { params: { app: 'shop' } })
      const first = live?.number ?? 0
      version += 1
      await stage.repo.change(`version ${version}`)
      const moments: number[] = []
      const load = loadByEdges(stage.ports, { ratePerSecond, seed: seed + version, longestMs })
      const since = wallNow()
      try {
        await pause(1_500)
        await work(() => moments.push(wallNow()))
        await untilAtRest(stage.lab)
        await pause(3_000)
      } finally {
        await load.finish()
      }
      const records = await load.finish()
      const releases = (await releasesOf(stage)).filter(({ release }) => release.number > first)
      const losses = records.map((part) => lossesBy(moments, part))
      const judgements = records.map((part) => judge({ records: part, first, switches: switchesIn(releases, first), streamGraceMs }))
      const seen = [`struck at ${moments.map((at) => Math.round(at - since)).join(', ')} ms`, ...losses.flatMap((each, at) => [`by edge ${at + 1}:`, renderLosses(each, since)]), ...judgements.map(renderJudgement)].join('\n')
      return { losses, judgements, records, releases, seen }
    },
  }
}

async function released(running: RunningCommand): Promise<CommandEnd> {
  const end = await running.ended
  if (end.code !== 0) throw new Error(`a release ended with ${end.code}:\n${end.out.slice(-6000)}${end.err}`)
  return end
}

async function releasesOf(stage: SwarmStage): Promise<ReleaseDetail[]> {
  const client = await stage.client()
  const { releases: all } = await client.call(contract.listReleases, { params: { app: 'shop' } })
  return Promise.all(all.map(({ number }) => client.call(contract.showRelease, { params: { app: 'shop', release: number } })))
}
