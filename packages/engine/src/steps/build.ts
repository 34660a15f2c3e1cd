import { artifactSchema, type Artifact } from '@plimsoll/model'
import { z } from 'zod'
import { inParallel } from '../in-parallel.ts'
import type { ReleaseContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Planned } from './plan.ts'

export interface Built {
  /** service name → what it runs. Key-value services have none. */
  readonly artifacts: Readonly<Record<string, Artifact>>
}

/** Builds every service whose inputs are new, several at once, until one fails; equal inputs give the artifact that was made before. */
export const build: Step<ReleaseContext, Planned, Built> = {
  name: 'build',
  title: 'Build what changed',
  gives: z.object({ artifacts: z.record(z.string(), artifactSchema) }),
  async run(context, { specs, blueprint }) {
    const environments = await context.wiring.environments({ phase: 'build', blueprint, addresses: {} }, context.signal)
    const services = specs.filter((spec) => spec.kind !== 'keyvalue')
    const artifacts = await inParallel(context, services, async (spec, { app, driver, output, release: { source }, signal }) => {
      const variables = Object.entries(environments[spec.service] ?? {})
      const environment = Object.fromEntries(variables.map(([key, { value }]) => [key, value]))
      const secrets = variables.flatMap(([key, { secret }]) => (secret ? key : []))
      return [spec.service, await driver.build({ app, spec, source, environment, secrets, output }, signal)] as const
    })
    return { artifacts: Object.fromEntries(artifacts) }
  },
}
