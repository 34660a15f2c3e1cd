import { join } from 'node:path'
import { wantedResources } from '@plimsoll/blueprint'
import type { Edge, KeptRelease } from '@plimsoll/engine'
import { isPublic, type Address, type AppName, type Artifact, type UnitSpec, type Verification, type VerificationEvent } from '@plimsoll/model'
import type { KnownSecret, RehearsalParts, Version } from '@plimsoll/verify/rehearse'
import type { PlacedServices } from '../services.ts'
import { blueprintFor, serverActionsKey } from '../wiring.ts'
import { rehearsalWiring } from './rehearsal-wiring.ts'

export interface Subject {
  readonly verification: Verification
  readonly blueprint: string
  readonly specs: readonly UnitSpec[]
  readonly artifacts: Readonly<Record<string, Artifact>>
  readonly live: KeptRelease | undefined
  readonly signIn: RehearsalParts['signIn']
  /** One of its own. */
  readonly edge: Edge
  readonly told: (event: VerificationEvent) => void
}

/** A copy is healthy at its first good answer: it is asked more than that anyway. */
const gate = { successes: 1, intervalMs: 250, timeoutMs: 3_000, deadlineMs: 60_000 }

/** Makes what a rehearsal of `subject` needs. */
export async function rehearsalParts(services: PlacedServices, subject: Subject): Promise<RehearsalParts> {
  const { verification: { id, app, source, directory, seed, paused }, blueprint, specs, artifacts, live, signIn, told } = subject
  const kept = await services.store.keptValues.values(app)
  const { wire, environments, canaries } = rehearsalWiring({ blueprint, source, actionsKey: kept[serverActionsKey] ?? '' })
  services.secrets.learn(canaries.map(({ value }) => value))
  const versionOf = (text: string, rest: Pick<Version, 'specs' | 'artifacts'>): Version => ({ ...rest, blueprint: text, wanted: wantedResources(blueprintFor(source, text)) })
  const { resources, copies, sharesLoopback, listening, reach, clock, browser } = services
  const { driver, probe, near } = services.nearby ?? { driver: services.driver, probe: services.probe, near: async (_app: AppName, address: Address) => address }
  return {
    id, app, source, seed, ...(paused && { paused }), ...(signIn && { signIn }), browser, driver, near, resources, copies, sharesLoopback, listening, reach, clock, probe, gate, wire, environments,
    evidence: join(directory, 'evidence'),
    edge: subject.edge,
    candidate: versionOf(blueprint, { specs, artifacts }),
    live: live && { ...live, ...versionOf(live.blueprint, live) },
    secrets: [...canaries, ...ownSecrets(kept)],
    entryPort: (copy, service) => services.entryPort(copy, service),
    forget: async (copy) => void (await Promise.all([services.store.ports.forget(copy), services.forget(copy)])),
    // The names under which containers reach theirs mean nothing to this machine.
    liveDatabases: async (signal) => (live === undefined || !sharesLoopback ? {} : (await resources.ensure(app, { databases: versionOf(live.blueprint, live).wanted.databases, keyValues: [] }, signal)).databases),
    publicNames: await publicNames(services, subject),
    noteCopies: (count) => services.store.verifications.noteCopies(id, count),
    output: (line) => told({ event: 'line', data: line }),
  }
}

/** What the build was given and nobody else may see. */
function ownSecrets(kept: Readonly<Record<string, string>>): KnownSecret[] {
  return Object.entries(kept).map(([key, value]) => ({ service: key.slice(0, key.lastIndexOf('/')), key: key.slice(key.lastIndexOf('/') + 1), value }))
}

/** How pages that were built name the app's public services: by the stable ports of the app itself. */
async function publicNames(services: PlacedServices, { verification: { app }, specs }: Subject): Promise<Record<string, readonly string[]>> {
  const open = specs.filter(({ kind }) => isPublic(kind))
  return Object.fromEntries(await Promise.all(open.map(async ({ service }) => {
    const port = await services.entryPort(app, service)
    return [service, [`localhost:${port}`, `127.0.0.1:${port}`]] as const
  })))
}
