import { posix } from 'node:path'
import type { ProgramSources } from '../program/program-sources.ts'
import type { ProgramVariable } from '../program/variables-of.ts'
import type { Finding } from './found.ts'
import { bestHealthPath } from './health-paths.ts'
import type { ReadRepository } from './read-repository.ts'
import { routesOf, type ModuleRoutes } from './routes-of.ts'

/** What the modules of a server say of how it is reached. */
export interface ServerFacts {
  /** Where it begins to listen. */
  readonly listens: string | undefined
  readonly healthPath: Finding<string> | undefined
  readonly portVariable: Finding<string> | undefined
  readonly usualPort: number | undefined
  readonly hostVariable: Finding<string> | undefined
  readonly faults: readonly string[]
}

type Modules = ReadonlyMap<string, ModuleRoutes>

/** Reads every module of a program for what it is told about routes and ports. */
export async function serverFacts({ text }: ReadRepository, sources: ProgramSources, variables: readonly ProgramVariable[]): Promise<ServerFacts> {
  const modules = new Map<string, ModuleRoutes>()
  for (const file of sources.modules.keys()) modules.set(file, routesOf(file, (await text(file)) ?? ''))
  const routes = [...modules].flatMap(([file, facts]) => facts.routes.map(({ path, line }) => ({ path: `${prefixOf(file, modules)}${path}`, from: `${file}:${line}` })))
  const best = bestHealthPath(routes)
  const listens = [...modules].flatMap(([file, facts]) => facts.listens.map((each) => ({ ...each, from: `${file}:${each.line}` })))
  const port = portOf(variables)
  return {
    listens: listens[0]?.from,
    healthPath: best === undefined ? undefined : { value: best.path, from: best.from },
    portVariable: port.variable,
    usualPort: (await usualPort(text, port.at)) ?? listens.find((each) => each.port !== undefined)?.port,
    hostVariable: hostVariable(variables),
    faults: listens.flatMap((each) => faultsOf(each)),
  }
}

function faultsOf({ hasHost, port, from }: { readonly hasHost: boolean; readonly port: number | undefined; readonly from: string }): string[] {
  return [
    ...(hasHost ? [] : [`${from} listens on this machine alone: give listen() host: '0.0.0.0', or nothing reaches it in a container or on Render`]),
    ...(port === undefined ? [] : [`${from} listens on ${port} whatever PORT says: take it from the variable PORT`]),
  ]
}

interface PortRead {
  readonly at: ProgramVariable | undefined
  readonly variable: Finding<string> | undefined
}

function portOf(variables: readonly ProgramVariable[]): PortRead {
  const plain = variables.find(({ key }) => key === 'PORT')
  if (plain !== undefined) return { at: plain, variable: undefined }
  // That of something that it connects to is no port of its own.
  const own = variables.find(({ key }) => /^(?:API|APP|SERVER|HTTP|WEB|BACKEND|FASTIFY|SERVICE|LISTEN)_PORT$/.test(key))
  return { at: own, variable: own === undefined ? undefined : { value: own.key, from: `${own.file}:${own.line}` } }
}

/** The variable that says where to bind, where what is taken without it is not every address. */
function hostVariable(variables: readonly ProgramVariable[]): Finding<string> | undefined {
  const host = variables.find(({ key }) => /^(?:HOST|SERVER_HOST|FASTIFY_ADDRESS|LISTEN_HOST|BIND_HOST)$/.test(key))
  if (host === undefined || (host.need.is === 'fallback' && (host.need.value === '0.0.0.0' || host.need.value === '::'))) return undefined
  return { value: host.key, from: `${host.file}:${host.line}` }
}

/** The number that stands where the port is read: `env.PORT ?? 4000`. */
async function usualPort(text: ReadRepository['text'], at: ProgramVariable | undefined): Promise<number | undefined> {
  if (at === undefined) return undefined
  const line = ((await text(at.file)) ?? '').split('\n')[at.line - 1] ?? ''
  const numbers = [...line.matchAll(/(?<![\w.])(\d{4,5})(?![\w_])/g)].map(([, digits]) => Number(digits))
  return numbers.length === 1 ? numbers[0] : undefined
}

/** What modules put before the routes of another, from the outermost on. */
function prefixOf(file: string, modules: Modules, met: readonly string[] = []): string {
  for (const [outer, { mounts }] of modules) {
    if (met.includes(outer)) continue
    const mount = mounts.find(({ module }) => module.startsWith('.') && stemOf(posix.join(posix.dirname(outer), module)) === stemOf(file))
    if (mount !== undefined) return `${prefixOf(outer, modules, [...met, file])}${mount.prefix}`
  }
  return ''
}

function stemOf(file: string): string {
  return file.replace(/\.[cm]?[jt]sx?$/, '').replace(/\/index$/, '')
}
