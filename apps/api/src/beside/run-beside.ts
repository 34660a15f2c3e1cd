import { createHash, randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { edgePaths, stopEdge } from '@plimsoll/edge'
import { openStore, type Store } from '@plimsoll/store'
import type { FastifyInstance } from 'fastify'
import { claimHome, type Claim } from '../claim-home.ts'
import { compose, type Composition } from '../compose.ts'
import type { AsUnit, Config } from '../config.ts'
import { announce, settleToken, withdraw } from '../endpoint.ts'
import { keysOf, type GroundFloor } from '../ground-floor.ts'
import { homeId } from '../home-id.ts'
import { buildApi } from '../http/build-api.ts'
import { createKeeping, type Keeping } from '../keeping.ts'
import { systemClock } from '../system-clock.ts'
import { openFrontDoor, type Answering } from './front-door.ts'
import { leadToHolder, type Leading } from './lead-to-holder.ts'
import { TurnTaking } from './turn.ts'
import { whoIsReached } from './who-is-reached.ts'

export interface Beside {
  readonly config: Config
  readonly unit: AsUnit
  readonly version: string
  readonly report: (error: unknown) => void
}

/** How often it is looked who is reached. */
const everyMs = 500
/** What requests that are being answered are given when this process is told to end. */
const goodbyeMs = 5_000
/** For each of the things that end with the last holder. */
const limitMs = 10_000

/**
 * Runs the API as a unit of a Blueprint until it is told to stop: beside another one for a while, on the same database and the same home. Each of them answers
 * all questions as soon as it is up. What only one may do is done by the one that people reach: that one holds the home, and is led to whatever it is that
 * the others are asked to change. Throws when the database does not answer, is that of another home (`STATE_TAKEN`), or has
 * lost what this version needs.
 */
export async function runBeside({ config, unit, version, report }: Beside): Promise<void> {
  const stopped = Promise.withResolvers<{ readonly all: boolean }>()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stopped.resolve({ all: false }))
  // Before anything else: where no database answers, the home is left alone.
  const store = await openStore({ connection: { connectionString: config.databaseUrl ?? '' }, keys: keysOf(config) })
  const ground: GroundFloor = { postgres: undefined, store, edge: { controlSocket: edgePaths(config.home).controlSocket }, close: () => store.close() }
  // One that could never hold the home is not let before people.
  await store.claim({ id: await homeId(config.home), place: `${hostname()}:${config.home}` })
  const token = await settleToken(config.home, config.apiToken)
  const instance = randomUUID()
  let holding: Holding | undefined
  let whyNot: unknown
  const parts = { config, ground, version, report, token, instance, onStop: stopped.resolve }
  const standing = await standBy(parts, { own: () => holding?.api, whyNot: () => whyNot })
  const door = await openFrontDoor(standing, { host: config.apiHost, port: config.apiPort, servedBy: unit.servedBy })
  const url = `http://127.0.0.1:${door.port}`
  const turns = new TurnTaking()
  const over = new AbortController()
  void stopped.promise.then(() => over.abort(new Error('Plimsoll is stopping')))
  while (!over.signal.aborted) {
    const reached = unit.url === undefined ? undefined : await whoIsReached({ url: unit.url, instance }, over.signal)
    const turn = over.signal.aborted ? 'stay' : turns.next(reached, { holds: holding !== undefined })
    if (turn === 'take') {
      holding = await take(parts, url).then((held) => (whyNot = undefined, held), (error: unknown) => {
        // It is tried again and again.
        if (String(error) !== String(whyNot)) report(error)
        whyNot = error
        return undefined
      })
      if (holding !== undefined) door.leadTo(holding.api)
    }
    if (turn === 'give' && holding?.isIdle() === true) {
      const given = holding
      holding = undefined
      door.leadTo(standing)
      await given.giveUp({ all: false, withEdge: false })
    }
    // The signal ends the wait, and the loop.
    await systemClock.sleep(everyMs, over.signal).catch(() => undefined)
  }
  const { all } = await stopped.promise
  const last = holding
  holding = undefined
  door.leadTo(standing)
  await withdraw(config.home)
  // First of all, so that whatever still comes in here is led to the next one.
  const isGiven = last?.isIdle() === true
  const goodbye = { all, withEdge: all || (await last?.isServing()) === false }
  if (isGiven) await last?.giveUp(goodbye)
  await door.close(goodbyeMs)
  // What is under way is left as it stands, as if this process had died: the next holder goes on with it, and nobody takes it back.
  if (!isGiven && last?.isIdle() === false) process.exit(0)
  if (!isGiven) await last?.giveUp(goodbye)
  await store.close()
}

interface Parts extends Omit<Beside, 'unit'> {
  readonly ground: GroundFloor
  readonly token: string
  readonly instance: string
  readonly onStop: (options: { readonly all: boolean }) => void
}

interface Holding {
  readonly api: Answering
  /** Whether nothing is under way that whoever comes next would have to take up. */
  isIdle(): boolean
  /** Whether the edge serves something, or does not tell. */
  isServing(): Promise<boolean>
  /** With `all`, cron runs and what places run beside units end too. An edge that serves nothing may end with the last holder. */
  giveUp(how: { readonly all: boolean; readonly withEdge: boolean }): Promise<void>
}

/** The API that answers questions, and leads everything else to the holder. */
async function standBy(parts: Parts, leading: Omit<Leading, 'home'>): Promise<FastifyInstance> {
  const composition = await compose(parts.config, { ...parts, startsUnits: false })
  const keeping = createKeeping({ ...parts, composition })
  const api = apiOf(parts, { composition, keeping, holds: false })
  leadToHolder(api, { home: parts.config.home, ...leading })
  await api.ready()
  return api
}

/** Undefined while another process has the home. Throws what keeps this one from holding it, which it then does not. */
async function take(parts: Parts, url: string): Promise<Holding | undefined> {
  const { config, version } = parts
  const claim = await claimHome(config.home)
  if (claim === undefined) return undefined
  try {
    return await hold(parts, claim, { url, pid: process.pid, version })
  } catch (error) {
    await claim.release()
    throw error
  }
}

async function hold(parts: Parts, claim: Claim, endpoint: Parameters<typeof announce>[1]): Promise<Holding> {
  const { config, ground } = parts
  // Whoever looks at the first app finds an edge that can be asked about it.
  const store = edgeBeforeApps(ground.store, () => keeping.bringUpEdge())
  const composition = await compose(config, { ...parts, ground: { ...ground, store } })
  // Nothing of a Plimsoll that has no app outlives it.
  const wantsEdge = async (): Promise<boolean> => (await store.apps.list()).length > 0
  const keeping: Keeping = createKeeping({ ...parts, composition, edgeVersion: edgeVersionOf(parts), wantsEdge })
  const whole = apiOf(parts, { composition, keeping, holds: true })
  const api = countingChanges(whole)
  try {
    await whole.ready()
    await keeping.takeUp()
  } catch (error) {
    await keeping.end({ endRuns: false })
    await composition.close()
    throw error
  }
  await announce(config.home, endpoint)
  keeping.lookAfter(endpoint.url)
  return {
    api,
    isIdle: () => api.changes() === 0 && keeping.isIdle(),
    isServing: () => isServing(composition.services).catch(() => true),
    async giveUp({ all, withEdge }) {
      await withdraw(config.home)
      await keeping.end({ endRuns: all })
      if (all) await composition.stopResources(AbortSignal.timeout(limitMs)).catch(parts.report)
      await composition.close()
      if (withEdge) await stopEdge({ home: config.home }, AbortSignal.timeout(limitMs)).catch(parts.report)
      await claim.release()
    },
  }
}

function apiOf({ config, token, instance, onStop }: Parts, { composition, keeping, holds }: { readonly composition: Composition; readonly keeping: Keeping; readonly holds: boolean }): FastifyInstance {
  const { services, verifier, painter } = composition
  const { runner, crons, hooks, previews } = keeping
  return buildApi({ services, runner, crons, painter, verifier, hooks, previews, unit: { instance, holds }, guarding: { token, from: config.apiHost === '127.0.0.1' ? 'this machine' : 'everywhere', provider: config.provider }, logger: { level: 'warn' }, onStop })
}

function edgeBeforeApps(store: Store, bringUp: () => Promise<void>): Store {
  const { apps } = store
  return { ...store, apps: { ...apps, put: async (app) => (await bringUp(), apps.put(app)) } }
}

async function isServing({ store, edge }: Composition['services']): Promise<boolean> {
  const apps = await store.apps.list()
  const traffic = await Promise.all(apps.map(({ name }) => edge.live(name, AbortSignal.timeout(limitMs))))
  return traffic.some((each) => each !== undefined)
}

/** Counts from their first byte on what may be changes, and are not answered yet. */
function countingChanges(api: Answering): Answering & { changes(): number } {
  let changing = 0
  return {
    changes: () => changing,
    routing(request, response) {
      if (request.method !== 'GET') {
        changing += 1
        response.once('close', () => void (changing -= 1))
      }
      api.routing(request, response)
    },
  }
}

/** Of which release it is: the edge runs files of the release that started it, and those go with it. */
function edgeVersionOf({ version }: Pick<Parts, 'version'>): string {
  return `${version}+${createHash('sha256').update(import.meta.url).digest('hex').slice(0, 8)}`
}
