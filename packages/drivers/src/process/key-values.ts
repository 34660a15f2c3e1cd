import { inParallel, type Clock, type ResourceAddresses } from '@plimsoll/engine'
import { appNameSchema, PlimsollError, type AppName, type WantedResources } from '@plimsoll/model'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isMissing, namesIn, readRecord, writeDurably, writeRecord } from './durable-file.ts'
import { endProcesses } from './end-processes.ts'
import { Keeper } from './keeper.ts'
import { keyValueConfig, keyValueSettings, type KeyValueRecord } from './key-value-config.ts'
import { configFile, keptServer, keyValueHome, keyValuesDirectory, listKeyValues, logFileOf, newKeyValue, readKeyValue, recordFile, runFileOf, type KeyValueHome } from './key-value-files.ts'
import { findKeyValueServer } from './key-value-server.ts'
import { withLock } from './lock.ts'
import { lastLines } from './log-file.ts'
import { findMarked } from './markers.ts'
import { lockName, openPlace, scratchPath, type Place } from './place.ts'
import { defaultPortRange, openPortBook, type PortBook, type PortRange } from './ports.ts'
import { runRecordSchema } from './records.ts'
import { callRedis } from './redis-call.ts'

export interface KeyValuesOptions {
  /** The same directory as the process driver's. */
  readonly home: string
  readonly clock: Clock
  readonly ports?: PortRange | undefined
  /** Where `valkey-server` or `redis-server` is looked for, as in `PATH`; the system's directories unless given. */
  readonly searchPath?: string | undefined
  readonly report?: ((error: unknown) => void) | undefined
}

/** Key-value services of this machine: one server per service, which outlives every release. */
export interface KeyValues {
  /**
   * Makes the servers that are missing, gives all of them the wanted settings, and returns where they are once each
   * answers. Twice is once. Throws `TOOL_MISSING` when the machine has no server to run, `DATABASE_DOWN` (with its
   * last lines in `details.log`) when one does not come up.
   */
  ensure(app: AppName, wanted: Pick<WantedResources, 'keyValues'>, signal: AbortSignal): Promise<ResourceAddresses['keyValues']>
  /** Ends the app's servers and deletes their data for ever. Nothing there is fine. */
  destroy(app: AppName, signal: AbortSignal): Promise<void>
  /** Takes up every server that was made before: to be called once, when Plimsoll starts. */
  supervise(signal: AbortSignal): Promise<void>
  /** Ends every server of every app and the supervision with it; data stays, and `supervise` takes them up again. Twice is once. */
  stop(signal: AbortSignal): Promise<void>
  /** Ends the supervision. Every server runs on. */
  close(): Promise<void>
}

interface Yard {
  readonly place: Place
  readonly clock: Clock
  readonly keeper: Keeper
  readonly ports: PortBook
  readonly searchPath: string | undefined
}

/** How long a server may take to read its data back. */
const patienceMs = 60_000
const pollMs = 50
const stopGraceMs = 10_000

export function createKeyValues(options: KeyValuesOptions): KeyValues {
  const { clock, report = () => undefined } = options
  const place = openPlace(options.home)
  const keeper = new Keeper({ place, clock, report })
  const ports = openPortBook({ place, clock, range: options.ports ?? defaultPortRange })
  const yard: Yard = { place, clock, keeper, ports, searchPath: options.searchPath }
  return {
    async ensure(app, { keyValues }, signal) {
      const made = await inParallel({ signal }, keyValues, async (wanted, each) => [wanted.name, await ensureOne(yard, { app, wanted }, each.signal)] as const)
      return Object.fromEntries(made)
    },
    destroy: (app, signal) => destroy(yard, app, signal),
    async supervise(signal) {
      for (const name of await namesIn(keyValuesDirectory(place))) {
        const all = await listKeyValues(place, appNameSchema.parse(name))
        await Promise.all(all.map((made) => keep(yard, made, signal).catch(report)))
      }
      signal.throwIfAborted()
    },
    stop: (signal) => stop(yard, signal),
    close: () => keeper.close(),
  }
}

async function stop({ place, clock, keeper }: Yard, signal: AbortSignal): Promise<void> {
  await keeper.close()
  const find = async () => (await findMarked(place)).filter(({ marker }) => marker.role === 'keyvalue')
  await endProcesses({ find, graceMs: stopGraceMs, clock }, signal)
}

type WantedOne = WantedResources['keyValues'][number]

async function ensureOne(yard: Yard, { app, wanted }: { readonly app: AppName; readonly wanted: WantedOne }, signal: AbortSignal): Promise<ResourceAddresses['keyValues'][string]> {
  const { place, clock } = yard
  await findKeyValueServer(wanted.name, yard.searchPath)
  const home = keyValueHome(place, app, wanted.name)
  const record = await withLock({ name: lockName(place, home.directory), clock }, () => settle(yard, home, wanted), signal)
  await keep(yard, { ...home, record }, signal)
  await untilReady(yard, { ...home, record }, signal)
  return { host: '127.0.0.1', port: record.port, password: record.password }
}

/** The record as it should be; what never changes is taken from the one before. */
async function settle({ ports }: Yard, home: KeyValueHome, wanted: WantedOne): Promise<KeyValueRecord> {
  const before = await readKeyValue(home.directory)
  const [address] = await ports.addresses(ownerOf(home), 1)
  const record: KeyValueRecord = { ...(before ?? newKeyValue(home, wanted.name, address?.port ?? 0)), ...wanted }
  await writeDurably(configFile(home.directory), keyValueConfig(record, home.directory))
  await writeRecord(recordFile(home.directory), record)
  return record
}

type Made = KeyValueHome & { readonly record: KeyValueRecord }

async function keep({ place, keeper, searchPath }: Yard, { record, ...home }: Made, signal: AbortSignal): Promise<void> {
  const findServer = () => findKeyValueServer(record.name, searchPath)
  await keeper.keep(keptServer(place, home, { instance: record.instance, findServer }), signal)
}

/** A server that was running keeps its data and gets the settings now; one that was just started has them from its file. */
async function untilReady({ clock }: Yard, made: Made, signal: AbortSignal): Promise<void> {
  const { record, directory } = made
  const server = { host: '127.0.0.1', port: record.port, password: record.password }
  const commands = keyValueSettings(record).map(([key, value]) => ['CONFIG', 'SET', key, value])
  let last = 'it opened no port'
  for (const until = clock.now() + patienceMs; clock.now() < until; await clock.sleep(pollMs, signal)) {
    const answer = await callRedis(server, [...commands, ['PING']])
    if (answer.is === 'reply' && answer.text === 'PONG') return
    if (answer.is === 'error') throw await down(made, answer.text)
    if (answer.is === 'loading') last = 'it is still loading its data'
    const run = await readRecord(runFileOf(directory), runRecordSchema)
    if (run?.ended !== undefined && run.failures > 1) throw await down(made, 'it ends as soon as it is started')
  }
  throw await down(made, last)
}

async function down({ app, directory, record }: Made, why: string): Promise<PlimsollError> {
  const log = logFileOf(directory)
  return new PlimsollError('DATABASE_DOWN', `The key-value service ${record.name} of ${app} does not answer on 127.0.0.1:${record.port}: ${why}`, {
    hint: `Read what it printed: tail ${log}`,
    details: { log: await lastLines(log, 50) },
  })
}

/** The records go first, so that nothing is started again; a destroy that was cut off is completed by the next one. */
async function destroy({ place, clock, keeper, ports }: Yard, app: AppName, signal: AbortSignal): Promise<void> {
  const all = await listKeyValues(place, app)
  const removed = scratchPath(place, 'keyvalues')
  await mkdir(dirname(removed), { recursive: true, mode: 0o700 })
  try {
    await rename(join(keyValuesDirectory(place), app), removed)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  await Promise.all(all.map(({ record }) => keeper.letGo(record.instance)))
  const find = async () => (await findMarked(place)).filter(({ marker }) => marker.app === app && marker.role === 'keyvalue')
  await endProcesses({ find, graceMs: stopGraceMs, clock }, signal)
  await rm(removed, { recursive: true, force: true })
  await Promise.all(all.map((home) => ports.forget(ownerOf(home))))
}

/** Three words, where a unit has two: see {@link openPortBook}. */
function ownerOf({ app, directory }: KeyValueHome): string {
  return `keyvalue/${app}/${basename(directory)}`
}
