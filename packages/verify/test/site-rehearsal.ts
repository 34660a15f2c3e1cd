import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appNameSchema, releaseNumberSchema, serviceNameSchema, unitNameSchema, type Address, type StaticSite } from '@plimsoll/model'
import type { AppCopy, CopyUnit, Rehearsal } from '../src/rehearsal/rehearsal.ts'

export interface MadeSite {
  readonly answer: RequestListener
  readonly staticSite?: StaticSite
}

export interface SiteRehearsal extends AsyncDisposable {
  readonly rehearsal: Rehearsal
  /** service → where the copy answers. */
  readonly ports: Readonly<Record<string, number>>
  /** service → where what is live would answer, as pages that were built name it. */
  readonly livePorts: Readonly<Record<string, number>>
  /** What reached a live port, which nothing may. */
  readonly reachedLive: readonly string[]
}

/** A rehearsal of sites that this process serves itself, beside others that stand for what is live. */
export async function siteRehearsal(sites: Readonly<Record<string, MadeSite>>, browser?: string): Promise<SiteRehearsal> {
  const directory = await mkdtemp(join(tmpdir(), 'verify-sites-'))
  const reachedLive: string[] = []
  const servers: Server[] = []
  const serve = async (answer: RequestListener): Promise<number> => {
    const server = createServer(answer).listen(0, '127.0.0.1')
    servers.push(server)
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const names = Object.keys(sites)
  const ports = Object.fromEntries(await Promise.all(Object.entries(sites).map(async ([name, { answer }]) => [name, await serve(answer)] as const)))
  const livePorts = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await serve((request, response) => {
    reachedLive.push(`${name}${request.url}`)
    response.end('live')
  })] as const)))
  const publicAddresses = new Map(names.map((name): [string, Address] => [`localhost:${livePorts[name]}`, { host: '127.0.0.1', port: ports[name] ?? 0 }]))
  const units = Object.entries(sites).map(([name, { staticSite }]) => unitOf({ name, files: directory, staticSite }))
  const copy: AppCopy = {
    units, publicAddresses, wires: [], databases: {},
    unit: (service) => units.find(({ spec }) => spec.service === service) ?? nothing(),
    traffic: { serve: nothing, drain: nothing, counters: nothing },
    spare: nothing, url: (service) => `http://localhost:${ports[service]}`,
    remove: async () => undefined, [Symbol.asyncDispose]: async () => undefined,
  }
  return {
    ports, livePorts, reachedLive,
    rehearsal: {
      app: appNameSchema.parse('shop'), source: { root: directory, blueprint: 'render.yaml', dirty: false }, blueprint: '', specs: units.map(({ spec }) => spec), artifacts: {}, live: undefined,
      environments: {}, secrets: [], seed: 7, evidence: join(directory, 'evidence'), browser, liveSchemas: async () => ({}), shared: async () => copy, raise: nothing,
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) server.close().closeAllConnections()
      await rm(directory, { recursive: true })
    },
  }
}

function unitOf({ name, files, staticSite }: { readonly name: string; readonly files: string; readonly staticSite: StaticSite | undefined }): CopyUnit {
  const service = serviceNameSchema.parse(name)
  return {
    unit: { name: unitNameSchema.parse(`${name}-r1`), service, release: releaseNumberSchema.parse(1) },
    spec: { service, kind: staticSite === undefined ? 'web' : 'static', runtime: 'node', rootDir: '', reaches: [], maxShutdownDelayMs: 1_000, instances: 1, ...(staticSite !== undefined && { staticSite }) },
    environment: {}, files, addresses: [],
    reach: nothing, start: nothing, begin: nothing, stop: nothing, terminate: nothing, instances: nothing, takes: nothing, listening: nothing, log: nothing, exec: nothing,
  }
}

function nothing(): never {
  throw new Error('a site that is served here has nothing of the kind')
}
