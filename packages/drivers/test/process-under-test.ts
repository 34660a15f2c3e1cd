import { waitUntil, type DriverUnderTest } from '@plimsoll/engine/contract'
import type { RunnableUnit } from '@plimsoll/engine'
import { appNameSchema, digestSchema, releaseNumberSchema, serviceNameSchema, unitName, type Instance } from '@plimsoll/model'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createProcessDriver, type ProcessDriver } from '../src/process/process-driver.ts'
import { realClock } from './real-clock.ts'

export const apps = new URL('fixtures/apps/', import.meta.url).pathname

export const app = appNameSchema.parse('shop')
export const web = serviceNameSchema.parse('web')

/** A process driver over a home of its own. */
export interface ProcessUnderTest extends DriverUnderTest {
  readonly home: string
  readonly driver: ProcessDriver
  another(): ProcessDriver
  /** A web service with this start command. */
  runs(startCommand: string, options?: { readonly instances?: number; readonly release?: number; readonly environment?: Record<string, string> }): RunnableUnit
}

const startCommands = {
  serves: 'node serves.mjs',
  'ignores-sigterm': 'node ignores-sigterm.mjs',
  // The second command keeps dash from handing its process over.
  wrapped: '/bin/sh -c "node serves.mjs; exit $?"',
  exits: 'node exits.mjs',
  prints: 'node prints.mjs',
}

export async function makeProcessUnderTest(): Promise<ProcessUnderTest> {
  const home = await mkdtemp(join(tmpdir(), 'plimsoll-process-'))
  const drivers: ProcessDriver[] = []
  const another = () => {
    const driver = newDriver(home)
    drivers.push(driver)
    return driver
  }
  return {
    app,
    home,
    driver: another(),
    clock: realClock,
    another,
    runs,
    unit: (program, options) => runs(startCommands[program], options),
    commands: {
      prints: 'echo one; echo two',
      fails: 'echo no luck; exit 7',
      differs: 'echo $$ $(date +%s%N)',
      hangs: 'node hangs-stubbornly.mjs & echo waiting; wait',
    },
    ready: async ({ address }) => {
      await waitUntil('it listens', async () => address !== undefined && answers(address.port), { clock: realClock })
    },
    crash: async ({ pid }) => void (pid !== undefined && process.kill(pid, 'SIGKILL')),
    ask: ({ port }) => idAt(port),
    processes: () => sessionsOf(home, ({ role }) => role !== 'inner'),
    ownProcesses: () => sessionsOf(home, ({ role }) => role === 'inner'),
    dispose: async () => {
      await Promise.all(drivers.map((driver) => driver.close()))
      for (const { pid } of await processesOf(home)) process.kill(pid, 'SIGKILL')
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

export function newDriver(home: string): ProcessDriver {
  const builder = { build: async () => Promise.reject(new Error('nothing is built here')) }
  const report = (error: unknown) => console.error(error)
  return createProcessDriver({ home, builder, clock: realClock, nodePath: process.execPath, report })
}

export function runs(startCommand: string, options: { readonly instances?: number; readonly release?: number; readonly environment?: Record<string, string> } = {}): RunnableUnit {
  const { instances = 1, release = 1, environment = {} } = options
  const number = releaseNumberSchema.parse(release)
  const digest = digestSchema.parse(`sha256:${'0'.repeat(64)}`)
  return {
    app,
    unit: { name: unitName(app, web, number), service: web, release: number },
    spec: { service: web, kind: 'web', runtime: 'node', rootDir: '', startCommand, maxShutdownDelayMs: 10_000, instances, reaches: [] },
    artifact: {
      service: web, digest, inputs: digest, files: apps, sizeBytes: 0, fileCount: 0, layout: 'traced', assets: [],
      publicValues: {}, builtAt: '2026-01-01T00:00:00.000Z', fresh: true, buildMs: 0,
    },
    environment,
  }
}

interface Found {
  readonly pid: number
  readonly session: number
  /** `PLIMSOLL_ROLE` */
  readonly role: string | undefined
}

/** Every process that carries the mark of this home, read straight from Linux. */
export async function processesOf(home: string): Promise<Found[]> {
  const place = (await readFile(join(home, 'place-id'), 'utf8')).trim()
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(pids.map(async (pid) => {
    try {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8')
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return environment.includes(`PLIMSOLL_PLACE=${place}\0`) && fields[0] !== 'Z' ? [{ pid: Number(pid), session: Number(fields[3]), role: /PLIMSOLL_ROLE=(\w+)/.exec(environment)?.[1] }] : []
    } catch {
      // It ended while we looked.
      return []
    }
  }))
  return found.flat()
}

async function sessionsOf(home: string, are: (process: Found) => boolean): Promise<number> {
  return new Set((await processesOf(home)).filter(are).map(({ session }) => session)).size
}

/** What `serves.mjs` says about itself, over a connection of its own; undefined when nobody answers. */
export function idAt(port: number, host = '127.0.0.1'): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = request({ host, port, agent: false }, (response) => {
      text(response).then((body) => resolve(body.trim()), () => resolve(undefined))
    })
    asked.once('error', () => resolve(undefined)).end()
  })
}

export function answers(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host })
    socket.once('connect', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })
}

export function only(instances: readonly Instance[]): Instance {
  const [instance] = instances
  if (instance === undefined || instances.length !== 1) throw new Error(`${instances.length} instances instead of one`)
  return instance
}
