import { once } from 'node:events'
import { chmod, mkdir, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { Edge } from '@plimsoll/engine'
import { PlimsollError, type ReleaseNumber, toProblem, type Traffic } from '@plimsoll/model'
import { AssetStore } from './assets/asset-store.ts'
import { type EdgeHealth, protocol } from './control/control-protocol.ts'
import { createControlServer } from './control/control-server.ts'
import { type EdgePaths, edgePaths } from './edge-paths.ts'
import { type HomeLock, lockHome } from './home-lock.ts'
import { type AccessLog, noAccessLog, openAccessLog } from './proxy/access-log.ts'
import { ClientConnections } from './proxy/client-connections.ts'
import { isLocalName, originsBehind } from './proxy/client-origin.ts'
import { drain, drainAll } from './proxy/drain.ts'
import { EdgeState } from './proxy/edge-state.ts'
import { createFront, type Front } from './proxy/front.ts'
import { quiesce } from './proxy/quiesce.ts'
import { hostNameOf } from './proxy/refusal.ts'
import { standing } from './proxy/waiting-room.ts'
import { type EdgeSettingsInput, edgeSettings, loadEdgeSettings } from './settings/edge-settings.ts'
import { Listeners } from './table/listeners.ts'
import { loadSnapshot } from './table/snapshot.ts'
import { TableKeeper } from './table/table-keeper.ts'

export interface EdgeOptions {
  /** Plimsoll's home directory; the edge keeps its own things in `edge/` below it. */
  readonly home: string
  /** The port that all hosts share; none when left out. */
  readonly port?: number
  readonly log?: (line: string) => void
  /** How long answers under way are waited for when the edge itself stops. */
  readonly stopGraceMs?: number
  /** In the place of those that the home holds. */
  readonly settings?: EdgeSettingsInput
  /** The home's lock, when the caller holds it already; the edge gives it back when it stops. */
  readonly lock?: HomeLock
}

export interface RunningEdge {
  readonly controlSocket: string
  /** Stops listening, waits for answers under way up to the grace, and gives the home back. Called twice, waits for the same end. */
  close(): Promise<void>
  /** Resolves when the edge has stopped, whoever asked for it. */
  readonly closed: Promise<void>
}

const retryMs = 1_000

/**
 * Runs an edge in this process: serves what its snapshot holds, then answers on its control socket.
 * Throws `EDGE_DOWN` when another edge serves from this home or the snapshot is damaged, `PORT_TAKEN` when the shared port is not free.
 */
export async function startEdge(options: EdgeOptions): Promise<RunningEdge> {
  const paths = edgePaths(options.home)
  await mkdir(paths.directory, { recursive: true, mode: 0o700 })
  const lock = options.lock ?? (await lockHome(paths.directory))
  if (lock === undefined) throw new PlimsollError('EDGE_DOWN', `An edge serves from ${options.home} already.`)
  try {
    const parts = await assemble(options, paths)
    return await run({ options, paths, lock, parts })
  } catch (error) {
    await lock.release()
    throw error
  }
}

interface Parts {
  readonly state: EdgeState
  readonly listeners: Listeners
  readonly keeper: TableKeeper
  readonly assets: AssetStore
  readonly clients: ClientConnections
  readonly accessLog: AccessLog
}

/** Puts the parts together and serves the snapshot; the control socket is not there yet. */
async function assemble({ port: sharedPort, log = () => undefined, settings }: EdgeOptions, paths: EdgePaths): Promise<Parts> {
  const { limits, trustedFronts, accessLog: wanted } = settings === undefined ? await loadEdgeSettings(paths.settings) : edgeSettings(settings)
  const snapshot = await loadSnapshot(paths.snapshot, new Date())
  const state = new EdgeState()
  const assets = await AssetStore.open({ directory: paths.assets, log, inUse: (app) => releasesOf(state.table.apps.get(app)) })
  const clients = new ClientConnections(limits)
  const accessLog = wanted.enabled ? await openAccessLog({ path: paths.accessLog, maxBytes: wanted.maxBytes, log, now: () => new Date() }) : noAccessLog
  const common = { state, assets, clients, limits, accessLog, log }
  const [behindFronts, alone] = [originsBehind(trustedFronts), originsBehind([])]
  const byName: Pick<Front, 'routeOf' | 'originOf'> = {
    routeOf: ({ headers }) => state.table.hosts.get(hostNameOf(headers.host) ?? ''),
    originOf: (request, peer) => (isLocalName(hostNameOf(request.headers.host) ?? '') ? alone : behindFronts)(request, peer),
  }
  const listeners = new Listeners((port) => createFront({ ...common, ...(port === sharedPort ? byName : { routeOf: () => state.table.ports.get(port), originOf: alone }) }))
  const keeper = new TableKeeper({ state, listeners, snapshotPath: paths.snapshot, sharedPort }, snapshot)
  if (sharedPort !== undefined) await listeners.open(sharedPort)
  for (const failure of await keeper.restore(snapshot)) log(toProblem(failure).message)
  return { state, listeners, keeper, assets, clients, accessLog }
}

interface Life {
  readonly options: EdgeOptions
  readonly paths: EdgePaths
  readonly lock: HomeLock
  readonly parts: Parts
}

/** Opens the control socket; from then on the edge counts as running. */
async function run({ options, paths, lock, parts }: Life): Promise<RunningEdge> {
  const { keeper } = parts
  const retrying = setInterval(() => void keeper.openMissing(), retryMs)
  const ended = Promise.withResolvers<void>()
  let closing = false
  const close = async (): Promise<void> => {
    if (!closing) {
      closing = true
      clearInterval(retrying)
      await stopServing(parts, options.stopGraceMs ?? 10_000)
      control.close()
      await lock.release()
      ended.resolve()
      // After whoever waits for `closed`: a process of its own has exited by then, and its exit closes them.
      setImmediate(() => control.closeAllConnections())
    }
    await ended.promise
  }
  const control = createControlServer({ edge: edgeOver(parts), health: healthOf(parts, options.port), stop: () => void close(), log: options.log ?? (() => undefined) })
  await listenPrivately(control, paths.controlSocket)
  return { controlSocket: paths.controlSocket, close, closed: ended.promise }
}

function releasesOf(traffic: Traffic | undefined): ReadonlySet<ReleaseNumber> {
  return new Set(traffic === undefined ? [] : [traffic.live, ...traffic.previous].map(({ release }) => release))
}

function edgeOver({ state, keeper, assets }: Parts): Edge {
  return {
    live: async (app) => keeper.live(app),
    shift: async (traffic) => keeper.shift(traffic),
    drain: async (request, signal) => drain(state, request, signal),
    holds: async (app) => standing(keeper.holds(app), Date.now()),
    pause: async ({ app, fence, pause }) => keeper.pause(app, fence, pause),
    maintain: async ({ app, maintenance }) => keeper.maintain(app, maintenance),
    quiesce: async (request, signal) => quiesce(state, request, signal),
    async remove(app, fence) {
      await keeper.remove(app, fence)
      await assets.remove(app)
      state.forget(app)
    },
    publish: async (request) => assets.publish(request),
    tidy: async (room) => assets.tidy(room),
    counters: async (app) => state.counters(app),
  }
}

function healthOf({ state, keeper }: Parts, port: number | undefined): () => EdgeHealth {
  const startedAt = new Date().toISOString()
  return () => ({ protocol, pid: process.pid, startedAt, ...(port !== undefined && { port }), apps: [...state.table.apps.keys()], closedPorts: keeper.missingPorts() })
}

/** With the lock held nobody else answers on the socket, so one that is there was left by a dead edge. */
async function listenPrivately(control: Server, path: string): Promise<void> {
  await rm(path, { force: true })
  control.listen(path)
  await once(control, 'listening')
  await chmod(path, 0o600)
}

/** Stops listening, lets answers under way end, cuts the rest. */
async function stopServing({ state, listeners, clients, accessLog }: Parts, graceMs: number): Promise<void> {
  for (const port of listeners.ports()) listeners.close(port)
  const gates = [...state.table.apps.keys()].flatMap((app) => state.gatesOf(app))
  const grace = { requestGraceMs: graceMs, streamGraceMs: 0 }
  await drainAll(gates.flatMap((gate) => [...gate.exchanges]), grace, new AbortController().signal)
  listeners.destroy()
  clients.close()
  await accessLog.close()
}
