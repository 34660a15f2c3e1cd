import { listens } from '@plimsoll/model'
import { curlOf, exchange, type Ask, type Reply } from '../../exchange.ts'
import { nextPagesOf } from '../../next-pages.ts'
import { findOperations } from '../../openapi/find-operations.ts'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { AppCopy, CopyUnit, Rehearsal } from '../../rehearsal/rehearsal.ts'
import { bootStart } from '../boot/start-check.ts'

/** Asks, as a browser on the web app's pages would, each API whose public address the pages have in them. */
export function corsCheck(): RehearsalCheck {
  return {
    id: 'services.cors',
    title: 'Browsers may call the APIs that the pages name',
    concern: 'services',
    after: [bootStart],
    limitMs: 60_000,
    async ask(rehearsal, signal) {
      const copy = await rehearsal.shared(signal)
      const calls = await callsOf(rehearsal, copy)
      if (calls.length === 0) return [{ is: 'skipped', finding: 'No page has the public address of an API in it' }]
      return Promise.all(calls.map(async (call) => askAs(call, signal)))
    },
  }
}

interface Call {
  /** Of the pages: what a browser sends as `Origin`. */
  readonly origin: string
  readonly from: CopyUnit['spec']['service']
  readonly api: CopyUnit
  /** The value that was baked in, by its variable. */
  readonly key: string
}

/** From each service whose build has baked a public address in to the service behind it, unless that has pages of its own: those are links. */
async function callsOf({ artifacts }: Rehearsal, copy: AppCopy): Promise<readonly Call[]> {
  const apis = copy.units.filter(({ spec }) => listens(spec.kind))
  const pages = new Set((await Promise.all(apis.map(async (unit) => ((await nextPagesOf(unit.files)) === undefined ? [] : [unit])))).flat())
  return Object.entries(artifacts).flatMap(([from, { service, publicValues }]) => {
    const origin = copy.url(from)
    if (origin === undefined) return []
    return Object.entries(publicValues).flatMap(([key, value]) => {
      const named = URL.parse(value)
      const port = named === null ? undefined : copy.publicAddresses.get(named.host)?.port
      const api = apis.find(({ spec }) => spec.service !== from && port !== undefined && copy.url(spec.service)?.endsWith(`:${port}`) === true)
      return api === undefined || pages.has(api) ? [] : [{ origin, from: service, api, key }]
    })
  })
}

async function askAs({ origin, from, api: { spec, addresses: [address] }, key }: Call, signal: AbortSignal): Promise<Finding> {
  const { service } = spec
  if (address === undefined) return { service, is: 'skipped', finding: `${service} has no address` }
  const operations = (await findOperations(address, signal)) ?? []
  const path = operations.find((each) => each.method === 'GET' && !each.path.includes('{') && each.security.length === 0)?.path ?? spec.healthCheckPath ?? '/'
  const plain: Ask = { address, path, headers: { origin }, timeoutMs: 10_000 }
  const reply = await exchange(plain, signal)
  if (!allows(reply, origin)) return refused({ service, from, key, origin }, plain)
  const post = operations.find((each) => each.method !== 'GET' && each.body !== undefined)
  if (post === undefined) return { service, is: 'pass', finding: `${service} lets the pages of ${from} (${origin}) read its answers` }
  const headers = { origin, 'access-control-request-method': post.method, 'access-control-request-headers': 'content-type' }
  const preflight: Ask = { address, path: post.path, method: 'OPTIONS', headers, timeoutMs: 10_000 }
  const permission = await exchange(preflight, signal)
  const methods = permission.is === 'answer' ? String(permission.headers['access-control-allow-methods'] ?? '') : ''
  if (!allows(permission, origin)) return refused({ service, from, key, origin }, preflight)
  if (post.method !== 'POST' && !methods.includes('*') && !methods.toUpperCase().includes(post.method)) {
    return { service, is: 'fail', weight: 'advice', finding: `${service} lets the pages of ${from} read its answers, and not use ${post.method}`, reproduce: curlOf(preflight), hint: `Name ${post.method} among the methods of @fastify/cors, if pages use it.` }
  }
  return { service, is: 'pass', finding: `${service} lets the pages of ${from} (${origin}) call it` }
}

function allows(reply: Reply, origin: string): boolean {
  const allowed = reply.is === 'answer' ? reply.headers['access-control-allow-origin'] : undefined
  return allowed === origin || allowed === '*'
}

function refused({ service, from, key, origin }: { readonly service: Call['from']; readonly from: Call['from']; readonly key: string; readonly origin: string }, ask: Ask): Finding {
  return {
    service, is: 'fail', reproduce: curlOf(ask),
    finding: `Browsers on the pages of ${from} (${origin}) may not read what ${service} answers, though ${key} names it to them`,
    hint: 'Allow that origin: @fastify/cors with the public address of the web app, given to the API by fromService.',
  }
}
