import { createHmac, randomBytes } from 'node:crypto'
import { ownerOfCopies, PlimsollError, type Address, type AppName, type DatabaseAddress } from '@plimsoll/model'
import { z } from 'zod'
import type { Logging } from '../../container/logging.ts'
import { resourceName } from '../../container/place-labels.ts'
import { runInside } from '../run-inside.ts'
import { copyServerBody, passwordFile, shapes, type ResourceName } from './resource-body.ts'
import { settleResource, type SuppliedDock } from './settle-resource.ts'
import { untilReady } from './until-ready.ts'

/** Servers for the throw-away databases of verifications: none of an app's data is on them, and what they hold is lost with them. */
export interface CopyServers {
  /**
   * The server of a run for this major version of PostgreSQL. Twice is once. Throws `DATABASE_DOWN`, `PLACE_CANNOT` where the two have no address in common, and what the engine and a registry throw.
   */
  open(run: string, majorVersion: string | undefined, signal: AbortSignal): Promise<CopyServer>
  /** Removes every server of a run with all that it holds, whoever opened it. Twice is once. */
  remove(run: string, signal: AbortSignal): Promise<void>
}

export interface CopyServer {
  /** How its superuser gets in, from this machine. */
  readonly superuser: DatabaseAddress
  /** Where copies reach it. */
  readonly address: Address
}

export interface CopyYard {
  readonly dock: SuppliedDock
  readonly logging: Logging
  readonly imageFor: (majorVersion: string | undefined) => string
  /** The address of its machine at which the engine publishes. */
  readonly publishedAt: () => Promise<string>
  /** Removes everything of an app. */
  readonly destroy: (app: AppName, signal: AbortSignal) => Promise<void>
}

const superuser = 'plimsoll'

/**
 * Each is published as instances are: copies are apps with networks of their own, and checks of this machine ask the databases too. An address in a
 * network would be reached by neither.
 */
export function copyServers(yard: CopyYard): CopyServers {
  // Whoever sweeps what another process left only removes, and needs no password.
  const key = randomBytes(32)
  const passwordOf = (run: string): string => createHmac('sha256', key).update(run).digest('base64url')
  return {
    async open(run, majorVersion, signal) {
      const { dock, logging } = yard
      const image = yard.imageFor(majorVersion)
      const resource: ResourceName = { app: ownerOfCopies(run), kind: 'database', name: `copies ${majorVersion ?? ''}`.trim() }
      const [host, password] = [await yard.publishedAt(), passwordOf(run)]
      const account = { role: superuser, database: superuser }
      await settleResource(dock, { resource, image, body: copyServerBody({ place: dock.place, resource, image, logging }, { ...account, host }), files: { entries: passwordFile(password), when: 'new' } }, signal)
      await untilReady(dock, { resource, ask: ['pg_isready', '-q', '-h', '127.0.0.1', '-U', superuser, '-d', superuser] }, signal)
      const port = await publishedPort(yard, resource, signal)
      await assertReached(yard, { resource, host, port }, signal)
      return { superuser: { host, port, user: superuser, password, database: superuser }, address: { host, port } }
    },
    remove: async (run, signal) => yard.destroy(ownerOfCopies(run), signal),
  }
}

const portsSchema = z.object({ NetworkSettings: z.object({ Ports: z.record(z.string(), z.array(z.object({ HostPort: z.coerce.number() })).nullable()) }) })

/** The engine has chosen it when the container was started. */
async function publishedPort({ dock: { engine, place } }: CopyYard, resource: ResourceName, signal: AbortSignal): Promise<number> {
  const { NetworkSettings: { Ports } } = await engine.read(portsSchema, { path: `/containers/${resourceName(place, resource)}/json`, to: 'see where a server for copies is reached' }, signal)
  const [published] = Ports[`${shapes.database.port}/tcp`] ?? []
  if (published === undefined) throw new Error(`the engine publishes nothing of ${resourceName(place, resource)}`)
  return published.HostPort
}

const reachMs = 10_000

/** From a container, through the machine of the engine: a firewall that keeps containers out would look like an app that cannot reach its database. */
async function assertReached({ dock }: CopyYard, { resource, host, port }: { readonly resource: ResourceName; readonly host: string; readonly port: number }, signal: AbortSignal): Promise<void> {
  const command = ['pg_isready', '-q', '-t', '5', '-h', host, '-p', String(port), '-U', superuser]
  const status = await runInside(dock, { container: resourceName(dock.place, resource), command, withinMs: reachMs, to: 'see whether containers reach a server for copies' }, signal)
  if (status === 0) return
  throw new PlimsollError('PLACE_CANNOT', `Containers of this engine do not reach what it publishes at ${host}, so a copy of an app could not reach its databases there`, {
    hint: 'A firewall of that machine may keep containers from it. Or verify as local processes: plimsoll verify --on process',
  })
}
