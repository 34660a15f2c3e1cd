import { allSettled, runnableUnits, startInOrder, type EdgeContext, type KeptRelease, type ResourceAddresses, type RunnableUnit } from '@plimsoll/engine'
import { isPublic, listens, releaseNumberSchema, type Address, type AppName, type DatabaseAddress, type Entry, type ReleaseNumber, type UnitSpec } from '@plimsoll/model'
import { copyContext, firstRelease, releaseOf } from './copy-context.ts'
import { versionOf, type CopyData, type Databases } from './copy-data.ts'
import { copyTraffic } from './copy-traffic.ts'
import { copyUnit } from './copy-unit.ts'
import { surroundingsOf, wired } from './copy-wiring.ts'
import type { CopySurroundings, RehearsalParts, Version } from './rehearsal-parts.ts'
import type { AppCopy, CopyDatabase, CopyTraffic, CopyWish, Wire } from './rehearsal.ts'
import { takingDown, type TakingDown } from './taking-down.ts'

export interface Raising {
  readonly app: AppName
  readonly wish: CopyWish
  readonly data: CopyData
}

/** Raises a copy, and takes it down again when it does not get up. Throws what kept it from being healthy. */
export async function raiseCopy(parts: RehearsalParts, raising: Raising, signal: AbortSignal): Promise<AppCopy> {
  const made = takingDown()
  // Databases, entries and name are the other one's.
  if (raising.wish.beside !== undefined) groundOf(raising.wish.beside).made.add(async () => made.all())
  try {
    return await raise(parts, { ...raising, made }, signal)
  } catch (error) {
    await made.all()
    throw error
  }
}

/** What a copy stands on, and another one can stand on beside it. */
interface Ground {
  readonly app: AppName
  readonly release: ReleaseNumber
  readonly databases: Databases
  readonly keyValues: ResourceAddresses['keyValues']
  readonly made: TakingDown
}

const grounds = new WeakMap<AppCopy, Ground>()

function groundOf(copy: AppCopy): Ground {
  const ground = grounds.get(copy)
  if (ground === undefined) throw new Error('that copy is none of this rehearsal')
  return ground
}

interface Making extends Raising {
  readonly made: TakingDown
}

async function raise(parts: RehearsalParts, making: Making, signal: AbortSignal): Promise<AppCopy> {
  const { wish, made } = making
  const version = versionOf(parts, wish.of ?? 'candidate')
  const ground = wish.beside === undefined ? await newGround(parts, { ...making, version }, signal) : { ...groundOf(wish.beside), release: releaseNumberSchema.parse(groundOf(wish.beside).release + 1), made }
  const { app, databases, keyValues } = ground
  const surroundings = await surroundingsOf(parts, { app, version, databases, keyValues, release: ground.release }, signal)
  const { wires, environments } = wish.wires === true ? await wired(parts, version, surroundings) : { wires: [], environments: parts.wire(surroundings) }
  made.add(async () => allSettled(wires.map(async (wire) => wire.close())))
  const release = releaseOf(version, wish.services ?? version.specs.filter(isCopied).map(({ service }) => service), ground.release)
  const contextFor = (until: AbortSignal): EdgeContext => copyContext(parts, { app, environments: () => environments }, until)
  const units = (await runnableUnits(contextFor(signal), release)).map((unit) => ({ ...unit, environment: wish.alter?.(unit.spec.service, unit.environment) ?? unit.environment }))
  made.add(async () => allSettled(units.map(async ({ unit }) => parts.driver.stop(app, unit, 0, endless()))))
  await startAll(contextFor(signal), units, wish.start)
  const traffic = copyTraffic({ release, contextFor, entries: await entriesOf(parts, app, release) })
  if (wish.beside === undefined) await serve(parts, { app, made, traffic, contextFor }, signal)
  const copy = await copyOf(parts, { ...making, app, units, surroundings, wires, traffic, contextFor })
  grounds.set(copy, ground)
  return copy
}

async function newGround(parts: RehearsalParts, making: Making & { readonly version: Version }, signal: AbortSignal): Promise<Ground> {
  const { app, made } = making
  made.add(async () => parts.forget(app))
  if (keepsAnything(making.version)) made.add(async () => parts.resources.destroy(app, endless()))
  const [databases, keyValues] = await Promise.all([databasesOf(making, signal), keyValuesOf(parts, making, signal)])
  return { app, release: firstRelease, databases, keyValues, made }
}

/** What is removed is removed to its end. */
function endless(): AbortSignal {
  return new AbortController().signal
}

/** Cron jobs have nothing that runs; key-value services are there already. */
function isCopied({ kind }: UnitSpec): boolean {
  return kind !== 'cron' && kind !== 'keyvalue'
}

async function databasesOf({ data, wish, made }: Making, signal: AbortSignal): Promise<Readonly<Record<string, DatabaseAddress>>> {
  const databases = await data.make(wish.databases ?? 'migrated', signal)
  made.add(async () => allSettled(Object.values(databases).map(async (each) => data.copies.drop(each, endless()))))
  return databases
}

/** Besides databases, which are on servers of their own. Disks come with the units that have them. */
function keepsAnything({ wanted, specs }: Version): boolean {
  return wanted.keyValues.length > 0 || specs.some(({ disk }) => disk !== undefined)
}

async function keyValuesOf({ resources }: RehearsalParts, { app, version: { wanted } }: Making & { readonly version: Version }, signal: AbortSignal) {
  if (wanted.keyValues.length === 0) return {}
  return (await resources.ensure(app, { databases: [], keyValues: wanted.keyValues }, signal)).keyValues
}

async function startAll(context: EdgeContext, units: readonly RunnableUnit[], start: readonly string[] | undefined): Promise<void> {
  const wanted = units.filter(({ spec }) => start === undefined || start.includes(spec.service))
  await startInOrder(context, wanted.filter(({ spec }) => listens(spec.kind)))
  await allSettled(wanted.filter(({ spec }) => spec.kind === 'worker').map(async (unit) => context.driver.start(unit, context.signal)))
}

async function entriesOf(parts: RehearsalParts, app: AppName, { specs }: KeptRelease): Promise<Readonly<Record<string, Entry>>> {
  const open = specs.filter(({ kind }) => isPublic(kind))
  return Object.fromEntries(await Promise.all(open.map(async ({ service }): Promise<[string, Entry]> => [service, { port: await parts.entryPort(app, service), hosts: [] }])))
}

interface Serving extends Pick<Making, 'made' | 'app'> {
  readonly traffic: CopyTraffic
  readonly contextFor: (signal: AbortSignal) => EdgeContext
}

async function serve(parts: RehearsalParts, { app, made, traffic, contextFor }: Serving, signal: AbortSignal): Promise<void> {
  made.add(async () => parts.edge.remove(app, contextFor(signal).fence, endless()))
  await traffic.serve(signal)
}

interface Raised extends Making {
  readonly units: readonly RunnableUnit[]
  readonly surroundings: CopySurroundings
  readonly wires: readonly Wire[]
  readonly traffic: CopyTraffic
  readonly contextFor: (signal: AbortSignal) => EdgeContext
}

async function copyOf(parts: RehearsalParts, { app, data, wish, made, surroundings, contextFor, traffic, ...raised }: Raised): Promise<AppCopy> {
  const units = await Promise.all(raised.units.map(async (unit) => copyUnit(parts, { unit, contextFor, addresses: await parts.driver.addresses(app, unit.unit, unit.spec) })))
  const database = async (name: string, address: DatabaseAddress): Promise<CopyDatabase> => {
    const here = { ...address, ...(await parts.near(app, address)) }
    return {
      name, address, here, connectionString: `postgresql://${here.user}:${here.password}@${here.host}:${here.port}/${here.database}`,
      sever: async () => data.copies.sever(address, endless()),
      restore: async () => data.copies.restore(address, endless()),
    }
  }
  const databases = await Promise.all(Object.entries(surroundings.databases).map(async ([name, address]) => [name, await database(name, address)] as const))
  return {
    units, wires: raised.wires, traffic,
    unit(service) {
      const found = units.find(({ spec }) => spec.service === service)
      if (found === undefined) throw new Error(`this copy has no service ${service}`)
      return found
    },
    databases: Object.fromEntries(databases),
    async spare(name, signal) {
      const address = await data.spare(wish.databases ?? 'migrated', name, signal)
      made.add(async () => data.copies.drop(address, endless()))
      return database(name, address)
    },
    url: (service) => surroundings.publicUrls[service],
    publicAddresses: publicAddresses(parts, surroundings),
    remove: async () => made.all(),
    [Symbol.asyncDispose]: async () => made.all(),
  }
}

function publicAddresses({ publicNames }: RehearsalParts, { publicUrls }: CopySurroundings): ReadonlyMap<string, Address> {
  return new Map(Object.entries(publicUrls).flatMap(([service, url]) => {
    const here = { host: '127.0.0.1', port: Number(new URL(url).port) }
    return (publicNames[service] ?? []).map((name): [string, Address] => [name, here])
  }))
}
