/** A Render of our own for tests: it keeps state, takes its time by a clock that is given, and goes wrong where it is told. */
import type { Clock } from '@plimsoll/engine'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { deployRoutes } from './deploy-routes.ts'
import { pushCommit, settleDeploys } from './deploy-course.ts'
import { diskRoutes } from './disk-routes.ts'
import { environmentRoutes } from './environment-routes.ts'
import { Refusal, type Answered, type Exchange } from './exchange.ts'
import { createFaultTable, type Fault, type FaultTable } from './fault-table.ts'
import { createRateMeter, usualLimits, type RateLimits, type RateMeter, type ResetForm } from './rate-limits.ts'
import { route, type Routed, type Routes } from './router.ts'
import { serviceRoutes } from './service-routes.ts'
import { storeRoutes } from './store-routes.ts'
import { createWorld, type FakeService, type Fate, type Paces, type World } from './world.ts'

export type { Exchange } from './exchange.ts'
export type { Fault } from './fault-table.ts'
export { createOpenApiOracle, whyNoOpenApi, type OpenApiOracle } from './openapi-oracle.ts'
export type { FakeDeploy, FakeService, Fate, World } from './world.ts'

export interface FakeRenderOptions {
  /** By which everything takes its time. Nothing happens by itself: what was due is caught up with at the next request, or look. */
  readonly clock: Clock
  readonly paces?: Partial<Paces>
  readonly limits?: Partial<RateLimits>
  readonly resetForm?: ResetForm
  readonly overlap?: World['overlap']
  /** Render's own names unless given; they lead nowhere. */
  readonly publicUrl?: World['publicUrl']
  /** Told of each request that has come through and its answer, also of one whose answer is then lost. */
  readonly onExchange?: (exchange: Exchange) => void
}

export interface FakeRender {
  /** To be used as the API's base. */
  readonly base: string
  readonly key: string
  readonly ownerId: string
  /** As it is now. */
  readonly world: World
  /** `GET /services?name=web`, in the order in which they came. */
  readonly requests: readonly string[]
  /** The first service of a name; throws where there is none. */
  service(name: string): FakeService
  fail(on: string, fault: Fault, times?: number): void
  /** Of the next deploys of a service, in this order. */
  fate(name: string, ...fates: readonly Fate[]): void
  /** A commit comes to the branch of a service, which deploys it unless auto-deploy is off. */
  push(name: string, commit: string): void
  /** An instance of the service prints a line. */
  print(name: string, message: string): void
  close(): Promise<void>
}

const routes: Routes = { ...serviceRoutes, ...deployRoutes, ...storeRoutes, ...diskRoutes, ...environmentRoutes }

export async function startFakeRender(options: FakeRenderOptions): Promise<FakeRender> {
  const past = createWorld(options)
  const stage: Stage = { world: past, options, key: 'rnd_test', faults: createFaultTable(), meter: createRateMeter(options.clock, { limits: { ...usualLimits, ...options.limits }, form: options.resetForm ?? 'seconds' }), requests: [], closing: new AbortController() }
  const server = createServer((request, response) => {
    serve(stage, request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const world = () => {
    settleDeploys(past)
    return past
  }
  const service = (name: string) => {
    const found = world().services.find((each) => each.name === name)
    if (found === undefined) throw new Error(`There is no service ${name}`)
    return found
  }
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, key: stage.key, ownerId: past.owners[0]?.id ?? '', requests: stage.requests, service,
    get world() { return world() },
    fail: (on, fault, times) => stage.faults.add(on, fault, times),
    fate: (name, ...fates) => void service(name).fates.push(...fates),
    push: (name, commit) => void pushCommit(past, service(name), commit),
    print(name, message) {
      const { id } = service(name)
      past.logs.push({ id: past.newId('log'), resource: id, type: 'app', at: past.clock.now(), message, instance: `${id}-aaaa0` })
    },
    async close() {
      stage.closing.abort()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Stage {
  readonly world: World
  readonly options: FakeRenderOptions
  readonly key: string
  readonly faults: FaultTable
  readonly meter: RateMeter
  readonly requests: string[]
  readonly closing: AbortController
}

/** A request that has found its route. */
interface Call extends Routed {
  readonly method: string
  readonly query: URLSearchParams
  readonly body: unknown
}

async function serve(stage: Stage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '' } = request
  const { pathname, searchParams } = new URL(url, 'http://fake')
  const path = pathname.replace(/^\/v1/, '')
  stage.requests.push(`${method} ${path}${searchParams.size > 0 ? `?${decodeURIComponent(searchParams.toString())}` : ''}`)
  const sent = await text(request)
  const { allowed, headers } = stage.meter.count(method, path)
  const reply = ({ status, body }: Answered, more: Readonly<Record<string, string>> = {}) => send(response, { status, body, headers: { ...headers, ...more, date: new Date(stage.world.clock.now()).toUTCString() } })
  if (request.headers.authorization !== `Bearer ${stage.key}`) return reply(failure(401, 'unauthorized'))
  const routed = route(routes, method, path)
  if (routed === undefined) return reply(failure(404, `no route for ${method} ${path}`))
  const call: Call = { ...routed, method, query: searchParams, body: sent === '' ? undefined : JSON.parse(sent) }
  const fault = stage.faults.take(`${method} ${routed.template}`)
  if (!allowed) return reply(told(stage, { call, answered: failure(429, 'rate limit exceeded'), faulty: false }))
  if (fault?.does === 'precede') fault.by()
  if (fault?.does === 'drop' && fault.when === 'before') return void response.destroy()
  if (fault?.does === 'answer' && fault.when !== 'after') return reply(told(stage, { call, answered: failure(fault.status, 'as the test wants it'), faulty: true }), fault.headers)
  const answered = told(stage, { call, answered: handle(stage.world, call), faulty: false })
  if (fault?.does === 'delay') await stage.world.clock.sleep(fault.ms, stage.closing.signal)
  if (fault?.does === 'drop') return void response.destroy()
  if (fault?.does === 'answer') return reply(failure(fault.status, 'as the test wants it'), fault.headers)
  if (fault?.does === 'garble') return void response.writeHead(200).end(fault.text)
  return reply(answered)
}

function told({ options }: Stage, { call, answered, faulty }: { readonly call: Call; readonly answered: Answered; readonly faulty: boolean }): Answered {
  const { template, method, params, query, body } = call
  options.onExchange?.({ template, method, asked: { params, query, body }, answered, faulty })
  return answered
}

function handle(world: World, { method, template, params, query, body }: Call): Answered {
  settleDeploys(world)
  try {
    return routes[`${method} ${template}`]?.(world, { params, query, body }) ?? failure(404, 'no such route')
  } catch (error) {
    if (error instanceof Refusal) return failure(error.status, error.message)
    throw error
  }
}

function failure(status: number, message: string): Answered {
  return { status, body: { id: 'fake', message } }
}

function send(response: ServerResponse, { status, body, headers }: Answered & { readonly headers: Readonly<Record<string, string>> }): void {
  response.writeHead(status, { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }), 'render-request-id': 'req-fake' })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}
