import { once } from 'node:events'
import { chmod, mkdir, rename, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { join } from 'node:path'
import type { Edge } from '@plimsoll/engine'
import { PlimsollError, type ReleaseNumber, toProblem, type Traffic } from '@plimsoll/model'
import { AssetStore } from './assets/asset-store.ts'
import { type EdgeHealth, protocol } from './control/control-protocol.ts'
import { createControlServer } from './control/control-server.ts'
import { type EdgePaths, edgePaths } from './edge-paths.ts'
import { edgeOverHaproxy } from './haproxy/edge-over-haproxy.ts'
import { endHaproxies } from './haproxy/haproxy-processes.ts'
import { layHaproxy } from './haproxy/lay-haproxy.ts'
import { type HomeLock, lockHome } from './home-lock.ts'
import { EdgeLife } from './life/edge-life.ts'
import type { Elder } from './life/elder.ts'
import { edgeWithElder } from './life/edge-with-elder.ts'
import { SharedSockets } from './life/shared-sockets.ts'
import { beSteered, type FleetPlace } from './member/be-steered.ts'
import { SiteDirectories } from './member/site-directories.ts'
import { alwaysSure, Vigil } from './member/vigil.ts'
import type { HeirProgram } from './life/start-heir.ts'
import { type AccessLog, noAccessLog, openAccessLog } from './proxy/access-log.ts'
import { ClientConnections } from './proxy/client-connections.ts'
import { isLocalName, originsBehind } from './proxy/client-origin.ts'
import { drain } from './proxy/drain.ts'
import { EdgeState } from './proxy/edge-state.ts'
import { createFront, type Front } from './proxy/front.ts'
import { createNames } from './proxy/names.ts'
import { quiesce } from './proxy/quiesce.ts'
import { hostNameOf } from './proxy/refusal.ts'
import { standing } from './proxy/waiting-room.ts'
import { type EdgeSettingsInput, edgeSettings, loadEdgeSettings } from './settings/edge-settings.ts'
import { Listeners, loopbacks, type Ports } from './table/listeners.ts'
import { type Served, tableFrom } from './table/served.ts'
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
  /** The executable of a HAProxy that listens in the place of this process and answers what is simple. */
  readonly haproxy?: string
  /** Which Plimsoll it belongs to; another one replaces it. */
  readonly version?: string
  /** What takes over when this process dies; without it nothing does. */
  readonly heirProgram?: HeirProgram
  /** Sockets that were got from the process before. */
  readonly sockets?: SharedSockets
  /** The process before, when it still has connections. */
  readonly elder?: Elder | undefined
  /** The addresses that every port is opened on; those of this machine alone when left out. */
  readonly hosts?: readonly string[]
  /** Where a controller on another machine steers it. Then no port is opened before that has said which table is the current one. */
  readonly fleet?: FleetPlace | undefined
}

export interface RunningEdge {
  readonly controlSocket: string
  /** Stops listening, waits for answers under way up to the grace, and gives the home back. Called twice, waits for the same end. */
  close(): Promise<void>
  /** Resolves when the edge has stopped, whoever asked for it. */
  readonly closed: Promise<void>
}

const retryMs = 1_000
/** Of several edges one stops while its users go on with the others: none of them shall have sent in vain. */
const idleMs = 2_000

/**
 * Runs an edge in this process: serves what its snapshot holds, then answers on its control socket.
 * Throws `EDGE_DOWN` when another edge serves from this home or the snapshot is damaged, `PORT_TAKEN` when the shared port is not free.
 */
export async function startEdge(options: EdgeOptions): Promise<RunningEdge> {
  const paths = edgePaths(options.home)
  await mkdir(paths.directory, { recursive: true, mode: 0o700 })
  const lock = options.lock ?? (await lockHome(paths.directory))
  if (lock === undefined) throw new PlimsollError('EDGE_DOWN', `An edge serves from ${options.home} already.`)
  const { sockets = new SharedSockets() } = options
  sockets.add('lock', lock.socket)
  try {
    const parts = await assemble({ ...options, sockets }, paths)
    return await run({ options, paths, lock, parts })
  } catch (error) {
    await lock.release()
    throw error
  }
}

export interface Parts {
  readonly state: EdgeState
  readonly listeners: Ports
  readonly keeper: TableKeeper
  readonly assets: AssetStore
  readonly sites: SiteDirectories
  /** Where it is one of several. */
  readonly vigil: Vigil | undefined
  readonly clients: ClientConnections
  readonly accessLog: AccessLog
  readonly sockets: SharedSockets
  readonly elder: Elder | undefined
  /** What the control socket offers. */
  readonly edge: Edge
}

/** Puts the parts together and serves the snapshot; the control socket is not there yet. */
async function assemble(options: EdgeOptions & Pick<Parts, 'sockets'>, paths: EdgePaths): Promise<Parts> {
  const { port: sharedPort, log = () => undefined, settings, sockets, elder, hosts = loopbacks } = options
  const { limits, trustedFronts, units, accessLog: wanted } = settings === undefined ? await loadEdgeSettings(paths.settings) : edgeSettings(settings)
  const snapshot = await loadSnapshot(paths.snapshot, new Date())
  const state = new EdgeState({ ...units, names: createNames(options.fleet?.resolver) })
  // Before anything listens: what is asked at once is answered by it.
  state.swap(tableFrom(snapshot))
  const assets = await AssetStore.open({ directory: paths.assets, log, inUse: (app) => releasesOf(state.table.apps.get(app)) })
  const clients = new ClientConnections(limits)
  const accessLog = wanted.enabled ? openAccessLog({ path: paths.accessLog, maxBytes: wanted.maxBytes, log, now: () => new Date() }) : noAccessLog
  const sites = new SiteDirectories(paths.sites, assets)
  const siteRootOf: Front['siteRootOf'] = ({ unit, root }) => (options.fleet === undefined ? root : sites.rootOf(unit))
  const vigil = options.fleet === undefined ? undefined : new Vigil()
  const common = { state, assets, clients, limits, accessLog, log, siteRootOf, admission: vigil ?? alwaysSure }
  const [behindFronts, alone] = [originsBehind(trustedFronts), originsBehind([])]
  const byName: Pick<Front, 'routeOf' | 'originOf'> = {
    routeOf: ({ headers }) => state.table.hosts.get(hostNameOf(headers.host) ?? ''),
    originOf: (request, peer) => (isLocalName(hostNameOf(request.headers.host) ?? '') ? alone : behindFronts)(request, peer),
  }
  const byPort = (port: number): typeof byName => ({ routeOf: () => state.table.ports.get(port), originOf: alone })
  // One that goes on by itself has what may not be the truth any more.
  if (options.fleet !== undefined) await endHaproxies(paths.directory)
  const laid = options.haproxy === undefined ? undefined : await layHaproxy({ ...common, vigil, trustedFronts, sharedPort, binary: options.haproxy, directory: paths.directory, logFile: paths.log, sockets, hosts })
  const listeners = laid?.ports ?? new Listeners((port) => createFront({ ...common, ...(port === sharedPort ? byName : byPort(port)) }), sockets, hosts)
  const announce = async (served: Served): Promise<void> => void (await Promise.all([elder?.follow(served), laid?.keeper.apply(state.table)]))
  const keeper = new TableKeeper({ state, listeners, snapshotPath: paths.snapshot, sharedPort, announce, awaitsWord: options.fleet !== undefined }, snapshot)
  for (const failure of await keeper.openAll()) log(toProblem(failure).message)
  await laid?.keeper.apply(state.table)
  sockets.closeRest()
  const own = edgeOver({ state, keeper, assets })
  return { state, listeners, keeper, assets, sites, vigil, clients, accessLog, sockets, elder, edge: edgeWithElder(laid === undefined ? own : edgeOverHaproxy(own, laid.keeper), elder) }
}

interface Beginning {
  readonly options: EdgeOptions
  readonly paths: EdgePaths
  readonly lock: HomeLock
  readonly parts: Parts
}

/** Opens the control socket; from then on the edge counts as running. */
async function run({ options, paths, lock, parts }: Beginning): Promise<RunningEdge> {
  const { log = () => undefined, stopGraceMs = 10_000, heirProgram } = options
  const giveWay = (): void => {
    log('ends, so that users go to another edge: the engine of this machine has ended')
    void life.close()
  }
  const retrying = setInterval(() => void parts.keeper.openMissing(), retryMs)
  const steering = options.fleet === undefined ? undefined : await beSteered(parts, options.fleet, { ...options, giveWay })
  const letGo = async ({ replaced }: { replaced: boolean }): Promise<void> => {
    clearInterval(retrying)
    await steering?.end()
    control.close()
    if (!replaced) await rm(paths.controlSocket, { force: true })
    parts.clients.close()
    parts.state.end()
    parts.vigil?.end()
    await parts.accessLog.close()
    await lock.release()
    // After whoever waits for `closed`: a process of its own has exited by then, and its exit closes them.
    setImmediate(() => control.closeAllConnections())
  }
  const life = new EdgeLife({ parts, heirProgram, stopGraceMs, idleGraceMs: options.fleet === undefined ? 0 : Math.min(stopGraceMs, idleMs), log, letGo })
  const control = createControlServer({ edge: steering?.edge ?? parts.edge, health: healthOf(parts, options, life), stop: () => void life.close(), replace: async (successor) => life.replace(successor), log })
  await listenPrivately(control, paths)
  life.begin()
  return { controlSocket: paths.controlSocket, close: async () => life.close(), closed: life.ended }
}

function releasesOf(traffic: Traffic | undefined): ReadonlySet<ReleaseNumber> {
  return new Set(traffic === undefined ? [] : [traffic.live, ...(traffic.canary === undefined ? [] : [traffic.canary.release]), ...traffic.previous].map(({ release }) => release))
}

function edgeOver({ state, keeper, assets }: Pick<Parts, 'state' | 'keeper' | 'assets'>): Edge {
  return {
    live: async (app) => keeper.live(app),
    standings: async () => new Map(keeper.apps().map((app) => [app, { traffic: keeper.live(app), holds: standing(keeper.holds(app), Date.now()) }])),
    shift: async (traffic) => keeper.shift(traffic).then(() => ({ away: [] })),
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

function healthOf({ state, keeper }: Parts, { port, version, haproxy }: EdgeOptions, life: EdgeLife): () => EdgeHealth {
  const startedAt = new Date().toISOString()
  return () => ({
    protocol,
    version,
    pid: process.pid,
    heir: life.heirPid(),
    startedAt,
    port,
    haproxy,
    apps: [...state.table.apps.keys()],
    closedPorts: keeper.missingPorts(),
  })
}

/**
 * With the lock held nobody else answers on the socket, unless it is the process that this one takes over from: a socket of our
 * own is put in the place of what is there, in one step, and who has connected before is answered where he did.
 */
async function listenPrivately(control: Server, { directory, controlSocket }: EdgePaths): Promise<void> {
  const own = join(directory, `c.${process.pid}`)
  await rm(own, { force: true })
  control.listen(own)
  await once(control, 'listening')
  await chmod(own, 0o600)
  await rename(own, controlSocket)
}
