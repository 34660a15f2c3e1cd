import { listens, type Address, type AppName, type Instance, type Unit } from '@plimsoll/model'
import type { Exit } from './launch.ts'
import type { MarkedProcess } from './markers.ts'
import type { Place } from './place.ts'
import { identify, sameProcess, type ProcessId } from './process-table.ts'
import { listUnits, readRun, runFile, type RunRecord, type UnitRecord } from './records.ts'

export interface Observation {
  readonly place: Place
  /** Every living process of the place, as it is now, by app. */
  readonly processes: () => Promise<ReadonlyMap<AppName, readonly MarkedProcess[]>>
  readonly addresses: (app: AppName, unit: Unit, count: number) => Promise<readonly Address[]>
  /** An end that was seen and may not be recorded yet. */
  readonly exitOf: (instance: string, process: ProcessId) => Exit | undefined
}

/** What runs for this app: what should run by its records, as it is by the process table, and what runs without a record. */
export async function observeUnits(observation: Observation, app: AppName): Promise<readonly Instance[]> {
  const { place } = observation
  const records = await listUnits(place, app)
  const processes = ((await observation.processes()).get(app) ?? []).filter(({ marker }) => marker.role === 'instance')
  const recorded = await Promise.all(records.map((record) => observeUnit(observation, record, processes)))
  const known = new Set(records.flatMap(({ instances }) => instances))
  return [...recorded.flat(), ...unrecorded(processes.filter(({ marker }) => !known.has(marker.id)))]
}

/** Those that should run by their records, and those of which something runs: an instance or a command. */
export async function unitsHere(observation: Observation, app: AppName): Promise<readonly Unit[]> {
  const [records, processes] = await Promise.all([listUnits(observation.place, app), observation.processes()])
  const running = (processes.get(app) ?? []).flatMap(({ marker: { unit } }) => unit ?? [])
  return [...new Map([...records.map(({ unit }) => unit), ...running].map((unit) => [unit.name, unit])).values()]
}

async function observeUnit(observation: Observation, record: UnitRecord, processes: readonly MarkedProcess[]): Promise<readonly Instance[]> {
  const { place, exitOf } = observation
  const addresses = listens(record.spec.kind) ? await observation.addresses(record.app, record.unit, record.instances.length) : []
  return Promise.all(record.instances.map(async (id, index) => {
    const run = await readRun(runFile(place, record, index))
    const process = leaderOf(processes.filter(({ marker }) => marker.id === id))
    const exit = run && (run.ended?.exit ?? exitOf(id, run.process))
    const address = addresses[index]
    return { id, unit: record.unit, ...(address && { address }), ...stateOf(run, process, exit) }
  }))
}

function stateOf(run: RunRecord | undefined, process: MarkedProcess | undefined, exit: Exit | undefined): Omit<Instance, 'id' | 'unit' | 'address'> {
  if (run === undefined) return { state: 'starting', restarts: 0, ...(process && { pid: process.pid }) }
  const { startedAt, restarts } = run
  if (process !== undefined && sameProcess(identify(process), run.process)) return { state: 'running', pid: process.pid, startedAt, restarts }
  // Just started again, and not written down yet.
  if (process !== undefined) return { state: 'running', pid: process.pid, restarts: restarts + 1 }
  return { state: run.ended === undefined ? 'exited' : 'backing-off', startedAt, restarts, ...(exit && { exit }) }
}

function unrecorded(processes: readonly MarkedProcess[]): readonly Instance[] {
  return [...Map.groupBy(processes, ({ marker }) => marker.id)].flatMap(([id, group]): Instance[] => {
    const process = leaderOf(group)
    const unit = process?.marker.unit
    return process === undefined || unit === undefined ? [] : [{ id, unit, state: 'running', pid: process.pid, restarts: 0 }]
  })
}

/** What the first process leaves behind when it ends is cleaned up and does not count as running. */
function leaderOf(processes: readonly MarkedProcess[]): MarkedProcess | undefined {
  return processes.find(({ pid, session }) => pid === session)
}
