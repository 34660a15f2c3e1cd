import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { hasSettled, PlimsollError, previewSettingsSchema, toProblem, type AppView, type AuditEntry, type Channel, type Delivery, type Hook, type HookEvent, type JournalEntry, type LogLine, type Preview, type Principal, type PromotionPlan, type Release, type ReleaseDetail, type ReleasePage, type RunningInstances, type Token, type TrafficEvent, type TrafficPicture, type User, type Verification } from '@plimsoll/model'
import { z } from 'zod'
import { builds, changes, environment } from './insights.ts'
import { success, values } from './storefront.ts'
import { summaryOf } from './verified.ts'

/** What the fake tells, to be changed by a test at will. */
export interface World {
  apps: AppView[]
  /** Newest first. */
  releases: ReleaseDetail[]
  logs: LogLine[]
  /** Release → what users got in it; nothing was kept of others. */
  traffic?: Record<number, TrafficPicture>
  instances?: RunningInstances
  /** Newest first. */
  verifications: Verification[]
  /** Who looks; undefined: nobody who is known. */
  who?: Principal | undefined
  users: User[]
  tokens: Token[]
  audit: AuditEntry[]
  channels?: Channel[]
  deliveries?: Delivery[]
  hook?: Hook | null
  hookEvents?: HookEvent[]
  /** App → what promoting to it would do. */
  promotions?: Record<string, PromotionPlan>
  previews?: Preview[]
  /** Whether the installation has one. */
  hasSample?: boolean
}

export const admin: Principal = { kind: 'user', id: 'ada', name: 'Ada', grants: [{ app: '*', role: 'admin' }], userId: 'ada' }
const gettingIn: ReadonlySet<string> = new Set(['POST /v1/sessions', 'POST /v1/sessions/by-link', 'POST /v1/users/join', 'POST /v1/users/invitation'])

const nothingSeen: TrafficPicture = { painting: false, points: [], phases: [], restarts: [] }

/** One red pixel. */
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='

/** A small real API over data in memory, with streams that a test feeds. */
export interface FakeApi {
  readonly url: string
  readonly token: string
  readonly world: World
  /** Every request that wanted to change something, as `POST /v1/… {"to":12}`. */
  readonly steered: string[]
  /** Resolves when a stream whose path ends so is open. */
  streaming(ending: string): Promise<void>
  /** Writes an entry into the journal of a release, and to all who watch it. */
  happens(release: number, entry: JournalEntry): void
  prints(release: number, line: LogLine): void
  ends(release: Release): void
  /** Tells all who watch the traffic of a release. */
  passes(release: number, event: TrafficEvent): void
  close(): Promise<void>
}

const token = 'a-token-that-no-browser-may-see'

export async function startFakeApi(world: World): Promise<FakeApi> {
  const streams = new Set<{ path: string; response: ServerResponse }>()
  const waiting = new Set<() => void>()
  const steered: string[] = []
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(JSON.stringify(toProblem(error))))
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake')
    if (gettingIn.has(`${request.method} ${pathname}`)) return letIn(request, response, pathname)
    if (!world.who || request.headers.authorization !== `Bearer ${token}`) return refuse(response, new PlimsollError('UNAUTHORIZED', 'The token is wrong'), 401)
    if (request.method !== 'GET') steered.push(`${request.method} ${pathname} ${JSON.stringify(await json(request).catch(() => null))}`)
    if (/(?<!\/hook)\/(?:events|logs)$/.test(pathname)) return open(request, response, pathname)
    const reply = told(request.method ?? '', pathname, searchParams)
    return reply === undefined ? refuse(response, new PlimsollError('NOT_FOUND', `There is no ${pathname}`), 404) : void response.end(JSON.stringify(reply))
  }

  /** One name, one password and one link get in. */
  async function letIn(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const given = z.object({ name: z.string().optional(), password: z.string().optional(), code: z.string().optional() }).parse(await json(request))
    if (path.endsWith('/invitation')) return given.code === 'invited' ? void response.end(JSON.stringify({ name: 'Ada' })) : refuse(response, new PlimsollError('UNAUTHORIZED', 'This link was used already'), 401)
    const isIn = path === '/v1/sessions' ? given.name === 'Ada' && given.password === 'a long enough password' : given.code === (path.endsWith('/join') ? 'invited' : 'link')
    if (!isIn) return refuse(response, new PlimsollError('UNAUTHORIZED', 'The name or the password is wrong'), 401)
    world.who ??= admin
    response.end(JSON.stringify({ token, endsAt: new Date(Date.now() + 60_000).toISOString(), who: world.who }))
  }

  function told(method: string, path: string, query: URLSearchParams): unknown {
    if (path === '/v1/me') return world.who
    if (path === '/v1/users' && method === 'GET') return { users: world.users, invitations: [] }
    if (path === '/v1/users') return { code: 'invited', endsAt: new Date(Date.now() + 60_000).toISOString() }
    if (path === '/v1/tokens' && method === 'GET') return world.tokens
    if (path === '/v1/tokens') return { ...world.tokens[0], token: 'plimsoll_t_shown-once' }
    if (path === '/v1/me/password') return { ok: true }
    if (path === '/v1/sample') return world.hasSample === false ? { isThere: false } : { isThere: true, app: 'storefront' }
    if (path === '/v1/sample/releases') return world.releases[0]?.release
    if (path === '/v1/audit') return { entries: world.audit, next: null }
    if (path.startsWith('/v1/users/') && method === 'PUT') return world.users.find(({ id }) => path.endsWith(id))
    if (path.startsWith('/v1/users/') || path.startsWith('/v1/tokens/') || path === '/v1/sessions/current') return { ok: true }
    const notification = notified(method, path)
    if (notification !== undefined) return notification
    const [, , , app, what, number, part] = path.split('/')
    if (what === 'rollback' && method === 'GET') return wayBack(app, Number(query.get('to')))
    if (what === 'promotions' && number === 'preview') return world.promotions?.[app ?? '']
    const found = world.apps.find(({ name }) => name === app)
    const release = world.releases.find(({ release: each }) => each.number === Number(number))
    if (path === '/v1/apps') return world.apps.map((each) => ({ ...each, last: world.releases.find(({ release: { app: name, state } }) => name === each.name && hasSettled(state))?.release ?? null }))
    if (method === 'POST') return what === 'rollback' || what === 'promotions' ? world.releases[0]?.release : release?.release
    if (what === undefined) return found
    if (what === 'values') return values
    if (what === 'success') return success
    if (what === 'instances') return world.instances
    if (part === 'traffic') return world.traffic?.[Number(number)] ?? nothingSeen
    if (what === 'environment') return environment
    if (what === 'builds') return builds
    if (part === 'changes') return release && changes(release.release.number, Number(query.get('against') ?? 12))
    if (method === 'PUT' || method === 'DELETE') return values
    if (what === 'releases') return number === undefined ? releasesBefore(query) : release
    if (what === 'verifications') return verified(number, { isFile: part === 'evidence', query })
    return undefined
  }

  function releasesBefore(query: URLSearchParams): ReleasePage {
    const [before, limit] = [Number(query.get('before') ?? Infinity), Number(query.get('limit') ?? 30)]
    const older = world.releases.map(({ release }) => release).filter(({ number }) => number < before)
    const releases = older.slice(0, limit)
    return { releases, next: older.length > limit ? (releases.at(-1)?.number ?? null) : null }
  }

  function notified(method: string, path: string): unknown {
    const [first] = world.channels ?? []
    if (path === '/v1/deliveries') return world.deliveries ?? []
    if (path === '/v1/channels' && method === 'GET') return world.channels ?? []
    if (path === '/v1/channels') return { ...first, name: 'Deploys', secret: 'whsec_shown-once' }
    if (path.startsWith('/v1/channels/') && path.endsWith('/test')) return { is: 'undelivered', to: first?.to, why: 'it answered 404: no_service', tookMs: 120 }
    if (path.startsWith('/v1/channels/')) return method === 'DELETE' ? { ok: true } : { ...first, version: 2 }
    if (path.includes('/previews') || path.endsWith('/preview-settings')) return previewed(method, path)
    if (path.endsWith('/hook/events')) return world.hookEvents ?? []
    if (path.endsWith('/hook')) return method === 'GET' ? (world.hook ?? null) : { ...world.hook, path: '/v1/hooks/github/storefront', secret: 'signed-with-this' }
    return undefined
  }

  function previewed(method: string, path: string): unknown {
    const [first, ...others] = world.previews ?? []
    if (path.endsWith('/preview-settings')) return previewSettingsSchema.parse({})
    if (method === 'GET') return world.previews ?? []
    if (method === 'POST') return { ...first, app: 'storefront-next', state: 'making' }
    if (method === 'DELETE') world.previews = others
    return method === 'DELETE' ? { app: first?.app, of: 'storefront' } : { ...first, expiresAt: null }
  }

  function verified(id: string | undefined, { isFile, query }: { isFile: boolean; query: URLSearchParams }): unknown {
    if (id === undefined) return { verifications: world.verifications.map(summaryOf), next: null }
    const found = world.verifications.find((each) => each.id === id)
    if (found === undefined || !isFile) return found
    return query.get('file') === 'web/web/cart.wide.png' ? { mediaType: 'image/png', base64: picture } : undefined
  }

  function wayBack(app: string | undefined, to: number): unknown {
    const found = world.apps.find(({ name }) => name === app)
    return { app, from: found?.live?.number, to, warm: found?.previous.some((number) => number === to), services: found?.services.map(({ service, kind }) => ({ service, kind, is: 'changes' })), preDeploy: [], paused: [] }
  }

  function open(request: IncomingMessage, response: ServerResponse, path: string): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': \n\n')
    const stream = { path, response }
    streams.add(stream)
    response.once('close', () => streams.delete(stream))
    const detail = world.releases.find(({ release }) => path.endsWith(`/releases/${release.number}/events`))
    const seen = Number(request.headers['last-event-id'] ?? 0)
    for (const [i, entry] of (detail?.journal ?? []).entries()) if (i + 1 > seen) send(response, { event: 'entry', id: i + 1, data: entry })
    const passed = trafficOf(path)
    if (passed !== undefined) send(response, { event: 'picture', data: passed })
    if (path.endsWith('/logs')) for (const data of world.logs) send(response, { event: 'line', data })
    for (const look of waiting) look()
  }

  function trafficOf(path: string): TrafficPicture | undefined {
    const release = /\/releases\/(\d+)\/traffic\/events$/.exec(path)?.[1]
    return release === undefined ? undefined : world.traffic?.[Number(release)]
  }

  function tell(release: number, event: Sent): void {
    for (const { path, response } of streams) if (path.endsWith(`/releases/${release}/events`)) send(response, event)
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token, world, steered,
    streaming: (ending) => new Promise((resolve) => {
      const look = (): void => {
        if (![...streams].some(({ path }) => path.endsWith(ending))) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    }),
    happens(release, entry) {
      const found = world.releases.find((each) => each.release.number === release)
      if (found === undefined) throw new Error(`There is no release ${release}`)
      found.journal.push(entry)
      tell(release, { event: 'entry', id: found.journal.length, data: entry })
    },
    prints: (release, line) => tell(release, { event: 'line', data: line }),
    ends(release) {
      world.releases = world.releases.map((each) => (each.release.number === release.number ? { ...each, release } : each))
      tell(release.number, { event: 'end', data: release })
    },
    passes(release, event) {
      for (const { path, response } of streams) if (path.endsWith(`/releases/${release}/traffic/events`)) send(response, event)
    },
    close: () => new Promise((done) => {
      server.close(() => done())
      server.closeAllConnections()
    }),
  }
}

interface Sent {
  readonly event: string
  readonly id?: number
  readonly data: unknown
}

function send(response: ServerResponse, { event, id, data }: Sent): void {
  response.write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`)
}

function refuse(response: ServerResponse, error: PlimsollError, status: number): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(toProblem(error)))
}
