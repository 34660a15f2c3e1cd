import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { appNameSchema, releaseNumberSchema, serviceNameSchema, unitName, type Address, type Coverage, type SuiteRun, type UnitSpec } from '@plimsoll/model'
import type { Clock } from '@plimsoll/engine'
import { configSchema } from '@plimsoll/testing/config-schema'
import type { UserConfig } from '@plimsoll/testing/config'
import { afterAll } from 'vitest'
import type { Finding } from '../../src/rehearsal/rehearsal-check.ts'
import type { AppCopy, CopyDatabase, CopyUnit, CopyWish, Rehearsal } from '../../src/rehearsal/rehearsal.ts'
import { suiteChecks } from '../../src/suites/suite-checks.ts'
import type { MarkedProcess, MarkedProcesses, SuiteWorld } from '../../src/suites/suite-world.ts'

const directories: string[] = []

afterAll(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true })
})

export async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'suites-'))
  directories.push(directory)
  return directory
}

/** A repository with these files, gone after the test. */
export async function repository(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await temporary()
  await put(root, files)
  return root
}

export async function put(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), text)
  }
}

export const git = async (root: string, ...args: readonly string[]): Promise<string> =>
  (await promisify(execFile)('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false', ...args], { cwd: root })).stdout

export const clock: Clock = { now: Date.now, sleep: async (ms, until) => { await pause(ms, undefined, { signal: until }) } }

/** As Linux tells them, by the environment that they were started with. */
export const processes: MarkedProcesses = {
  async find(key, value) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
    return pids.flatMap((pid): MarkedProcess[] => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        const marked = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${key}=${value}`)
        return marked && !stat.includes(') Z ') ? [{ pid, name: /\((.*)\)/s.exec(stat)?.[1] ?? '' }] : []
      } catch {
        return []
      }
    })
  },
  async end({ key, value }) {
    for (let left = await processes.find(key, value); left.length > 0; left = await processes.find(key, value)) {
      for (const { pid } of left) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // Gone meanwhile.
        }
      }
      await pause(5)
    }
  },
}

export interface FakeService {
  readonly name: string
  readonly address?: Address
  readonly url?: string
  /** Called when its copy is raised, with the environment that it gets there. */
  readonly raised?: (environment: Readonly<Record<string, string>>) => Promise<void>
  /** Where the artifact lies that its copy was made of. */
  readonly files?: string
  /** Called when it is told to end. */
  readonly stopped?: () => Promise<void>
}

export interface Stage {
  readonly root: string
  readonly services?: readonly FakeService[]
  readonly databases?: readonly string[]
  readonly browser?: string
  /** As pages name a service → where a copy answers for it. */
  readonly publicAddresses?: ReadonlyMap<string, Address>
  readonly liveCommit?: string
  readonly historyFile?: string
  readonly now?: () => number
}

export interface Asked {
  readonly findings: Readonly<Record<string, readonly Finding[]>>
  readonly runs: readonly SuiteRun[]
  readonly coverage: readonly Coverage[]
  /** Check → those that it waits for. */
  readonly after: Readonly<Record<string, readonly string[]>>
  /** How many copies were raised, and are there still. */
  readonly raised: number
  readonly standing: number
  /** What suites left of what they wrote. */
  readonly left: readonly string[]
}

/** Asks every suite check of a configuration, with copies that are made of nothing but addresses. */
export async function askSuites(config: UserConfig, stage: Stage, signal = new AbortController().signal): Promise<Asked> {
  const scratch = await temporary()
  const copies = { raised: 0, standing: 0 }
  const runs: SuiteRun[] = []
  const coverage: Coverage[] = []
  const world: SuiteWorld = {
    clock: { ...clock, ...(stage.now !== undefined && { now: stage.now }) },
    environment: { PATH: process.env['PATH'] ?? '', HOME: scratch },
    scratch,
    processes,
    git: async (args) => Buffer.from(await git(stage.root, ...args)),
  }
  const checks = suiteChecks(configSchema.parse(config), {
    world, historyFile: stage.historyFile ?? join(scratch, 'history.json'), liveCommit: stage.liveCommit, root: stage.root,
    record: { suite: (run) => runs.push(run), coverage: (each) => coverage.push(each) },
  })
  const rehearsal = fakeRehearsal(stage, copies)
  const findings: Record<string, readonly Finding[]> = {}
  for (const check of checks) findings[check.id] = await check.ask(rehearsal, signal)
  const left = (await readdir(scratch, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && entry.name !== 'history.json').map(({ name }) => name)
  return { findings, runs, coverage, left, after: Object.fromEntries(checks.map(({ id, after = [] }) => [id, after])), ...copies }
}

function neverAsked(): Promise<never> {
  return Promise.reject(new Error('no suite asks for that'))
}

function fakeRehearsal({ root, services = [], databases = [], browser, publicAddresses = new Map() }: Stage, copies: { raised: number; standing: number }): Rehearsal {
  return {
    app: appNameSchema.parse('shop'), source: { root, blueprint: 'render.yaml', dirty: true }, blueprint: '', specs: services.map(({ name }) => specOf(name)), artifacts: {}, live: undefined,
    environments: {}, secrets: [], seed: 1, evidence: root, browser, liveSchemas: async () => ({}), shared: neverAsked,
    async raise(wish) {
      copies.raised += 1
      copies.standing += 1
      for (const { name, raised } of services) await raised?.(wish.alter?.(name, {}) ?? {})
      return fakeCopy({ services, databases, publicAddresses, wish, number: copies.raised }, () => { copies.standing -= 1 })
    },
  }
}

interface FakeCopy {
  readonly services: readonly FakeService[]
  readonly databases: readonly string[]
  readonly publicAddresses: ReadonlyMap<string, Address>
  readonly wish: CopyWish
  readonly number: number
}

function fakeCopy({ services, databases, publicAddresses, wish, number }: FakeCopy, removed: () => void): AppCopy {
  return copyOf({ services, publicAddresses, wish, removed, databases: Object.fromEntries(databases.map((name) => [name, `${name}_${number}`])) })
}

interface CopyParts {
  readonly services: readonly FakeService[]
  /** What each is called on its server. */
  readonly databases: Readonly<Record<string, string>>
  readonly publicAddresses?: ReadonlyMap<string, Address>
  readonly wish?: CopyWish
  readonly removed?: () => void
}

/** A copy that is made of nothing but addresses. */
export function copyOf({ services, databases, publicAddresses = new Map(), wish = {}, removed }: CopyParts): AppCopy {
  let spares = 0
  const units = services.map((service) => fakeUnit(service, wish))
  const remove = async () => {
    removed?.()
    for (const { stopped } of services) await stopped?.()
  }
  return {
    units,
    unit: (name) => units.find(({ unit }) => unit.service === name) ?? units[Number.NaN] ?? failure(name),
    databases: Object.fromEntries(Object.entries(databases).map(([name, called]) => [name, databaseCalled(called)])),
    spare: (name) => Promise.resolve(databaseCalled(`${databases[name]}_spare_${(spares += 1)}`)),
    wires: [],
    traffic: { serve: neverAsked, drain: neverAsked, counters: neverAsked },
    url: (name) => services.find((service) => service.name === name)?.url,
    publicAddresses,
    remove,
    [Symbol.asyncDispose]: remove,
  }
}

function failure(name: string): never {
  throw new Error(`there is no ${name}`)
}

function databaseCalled(name: string): CopyDatabase {
  const done = () => Promise.resolve()
  const address = { host: '127.0.0.1', port: 5432, user: 'u', password: 'p', database: name }
  return { name, address, here: address, connectionString: `postgresql://u:p@127.0.0.1:5432/${name}`, sever: done, restore: done }
}

function fakeUnit({ name, address, stopped, files = '/nowhere' }: FakeService, { alter }: CopyWish): CopyUnit {
  const service = serviceNameSchema.parse(name)
  const release = releaseNumberSchema.parse(1)
  const environment = alter?.(name, {}) ?? {}
  return {
    unit: { name: unitName(appNameSchema.parse('shop'), service, release), service, release }, spec: specOf(name), addresses: address === undefined ? [] : [address], environment, files,
    reach: neverAsked, start: neverAsked, begin: neverAsked, terminate: undefined, instances: neverAsked, takes: neverAsked, listening: neverAsked, log: neverAsked, exec: neverAsked,
    async stop() {
      await stopped?.()
      return { instances: 1, killed: 0 }
    },
  }
}

function specOf(name: string): UnitSpec {
  return { service: serviceNameSchema.parse(name), kind: 'web', runtime: 'node', rootDir: '', reaches: [], maxShutdownDelayMs: 30_000, instances: 1 }
}
