import { createHash } from 'node:crypto'
import { releaseNumberSchema, serviceNameSchema, trafficSchema, type Environment, type ReleaseNumber, type Traffic } from '@plimsoll/model'
import { z } from 'zod'
import { countersSchema, type Counters } from '../edge.ts'
import type { EdgeContext, EnvironmentRequest, KeptRelease } from '../release-context.ts'
import type { Step } from '../step.ts'
import { unitsToKeep } from '../units-to-keep.ts'
import { restlessServices } from '../watch/restless.ts'
import type { Built } from './build.ts'
import type { Planned } from './plan.ts'

export interface Compared {
  /** What was live before anything was changed; null for an app's first release. */
  readonly before: Traffic | null
  /** Service names whose artifact, settings or environment differ from what is live. */
  readonly changed: readonly string[]
  /** See {@link KeptRelease.keeps}. */
  readonly keeps: Readonly<Record<string, ReleaseNumber>>
  /** service → one digest over all that makes its units what they are. */
  readonly fingerprints: Readonly<Record<string, string>>
  /** What the edge has counted of what is live: from here to the switch is how it usually does. */
  readonly counters: Counters
  /** Services of what is live that fall over again and again: a candidate whose own do so too is no worse. */
  readonly restless: readonly string[]
}

/**
 * Notes what is live and holds the candidate against it. This is a step of its own, before anything changes,
 * because the undo of the switch needs to know where traffic was even if the switch died half-way.
 */
export const compare: Step<EdgeContext, Planned & Built, Compared> = {
  name: 'compare',
  title: 'Compare with what is live',
  gives: z.object({
    before: trafficSchema.nullable(), changed: z.array(z.string()),
    keeps: z.record(z.string(), releaseNumberSchema), fingerprints: z.record(z.string(), z.string()),
    counters: countersSchema.default({}), restless: z.array(z.string()).default([]),
  }),
  ends: ({ before, changed }) => before !== null && changed.length === 0,
  async run(context, { specs, blueprint, artifacts }) {
    const { app, release, edge, signal, memory } = context
    const now = { release: release.number, blueprint, specs, artifacts }
    const [atBuild, atRun] = await Promise.all([environmentsOf(context, 'build', blueprint), environmentsOf(context, 'run', blueprint)])
    const fingerprints = fingerprintsOf(now, atRun)
    const before = (await edge.live(app, signal)) ?? null
    await memory.note({ before: before?.live.release ?? null, environments: bothOf(atBuild, atRun) })
    if (before === null) return { before, changed: specs.map(({ service }) => service), keeps: {}, fingerprints, counters: {}, restless: [] }
    const live = await memory.recall(before.live.release)
    const services = new Set([...Object.keys(fingerprints), ...Object.keys(live.fingerprints)])
    const changed = [...services].filter((service) => fingerprints[service] !== live.fingerprints[service])
    const keeps = await unitsToKeep(context, { now, live, changed })
    tell(context, keeps)
    return { before, changed, keeps, fingerprints, counters: await countersNow(context, before), restless: await restlessNow(context, live) }
  },
}

/** At the addresses that stay the same from release to release. */
function environmentsOf({ wiring, signal }: EdgeContext, phase: EnvironmentRequest['phase'], blueprint: string): Promise<Readonly<Record<string, Environment>>> {
  return wiring.environments({ phase, blueprint, addresses: {} }, signal)
}

/** Every variable that a service has at some time. */
function bothOf(atBuild: Readonly<Record<string, Environment>>, atRun: Readonly<Record<string, Environment>>): Record<string, Environment> {
  return Object.fromEntries(Object.keys({ ...atBuild, ...atRun }).map((service) => [service, { ...atBuild[service], ...atRun[service] }]))
}

async function countersNow({ edge, app, signal }: EdgeContext, { live }: Traffic): Promise<Counters> {
  const own = Object.entries(await edge.counters(app, signal)).filter(([unit]) => unit.startsWith(`${live.release}/`))
  return Object.fromEntries(own)
}

async function restlessNow({ app, clock, driver, signal }: EdgeContext, { release, keeps }: KeptRelease): Promise<string[]> {
  const instances = await driver.observe(app, signal)
  return restlessServices(instances.filter(({ unit }) => unit.release === (keeps[unit.service] ?? release)), clock.now())
}

function tell({ clock, output, release }: EdgeContext, keeps: Compared['keeps']): void {
  for (const [service, since] of Object.entries(keeps)) {
    const text = `Runs on in what release ${since} started: nothing of it has changed`
    output({ at: new Date(clock.now()).toISOString(), service: serviceNameSchema.parse(service), release: release.number, stream: 'plimsoll', text })
  }
}

/**
 * Over specification, artifact and environment. Values that were set since the release is live count as a change: its
 * fingerprint was written down when it was made. Addresses differ between releases by nature and are left out, as is the
 * commit, or every commit would change every service.
 */
function fingerprintsOf(made: Pick<KeptRelease, 'specs' | 'artifacts'>, environments: Readonly<Record<string, Environment>>): Record<string, string> {
  return Object.fromEntries(made.specs.map((spec) => {
    const environment = Object.entries(environments[spec.service] ?? {})
      .filter(([key]) => !key.startsWith('RENDER_GIT_'))
      .map(([key, { value }]) => [key, value])
      .toSorted()
    const facts = JSON.stringify([spec, made.artifacts[spec.service]?.digest ?? null, environment])
    return [spec.service, createHash('sha256').update(facts).digest('hex')]
  }))
}
