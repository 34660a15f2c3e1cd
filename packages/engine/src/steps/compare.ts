import { createHash } from 'node:crypto'
import { trafficSchema, type Traffic } from '@plimsoll/model'
import { z } from 'zod'
import type { EdgeContext, KeptRelease } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Built } from './build.ts'
import type { Planned } from './plan.ts'

export interface Compared {
  /** What was live before anything was changed; null for an app's first release. */
  readonly before: Traffic | null
  /** Service names whose artifact, settings or environment differ from what is live. */
  readonly changed: readonly string[]
}

/**
 * Notes what is live and holds the candidate against it. This is a step of its own, before anything changes,
 * because the undo of the switch needs to know where traffic was even if the switch died half-way.
 */
export const compare: Step<EdgeContext, Planned & Built, Compared> = {
  name: 'compare',
  title: 'Compare with what is live',
  gives: z.object({ before: trafficSchema.nullable(), changed: z.array(z.string()) }),
  ends: ({ before, changed }) => before !== null && changed.length === 0,
  async run(context, { specs, blueprint, artifacts }) {
    const { app, release, edge, signal, memory } = context
    const kept = { release: release.number, blueprint, specs, artifacts }
    const before = (await edge.live(app, signal)) ?? null
    if (before === null) return { before, changed: specs.map((spec) => spec.service) }
    const [now, then] = await Promise.all([fingerprints(context, kept), fingerprints(context, await memory.recall(before.live.release))])
    const services = new Set([...Object.keys(now), ...Object.keys(then)])
    return { before, changed: [...services].filter((service) => now[service] !== then[service]) }
  },
}

/** One digest a service, over all that makes its units what they are; addresses differ between releases by nature and are left out. */
async function fingerprints(context: EdgeContext, kept: KeptRelease): Promise<Record<string, string>> {
  const environments = await context.wiring.environments({ phase: 'run', blueprint: kept.blueprint, addresses: {} }, context.signal)
  return Object.fromEntries(kept.specs.map((spec) => {
    const environment = Object.entries(environments[spec.service] ?? {})
      .filter(([key]) => !key.startsWith('RENDER_GIT_'))
      .map(([key, { value }]) => [key, value])
      .toSorted()
    const facts = JSON.stringify([spec, kept.artifacts[spec.service]?.digest ?? null, environment])
    return [spec.service, createHash('sha256').update(facts).digest('hex')]
  }))
}
