import { artifactSchema, type AppName, type Artifact, type Environment, type Source, type UnitSpec } from '@plimsoll/model'
import { z } from 'zod'
import type { BuildRequest, Driver } from '../driver.ts'
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
    const { app, driver, output, release: { source }, signal } = context
    return { artifacts: await buildAll({ app, source, specs, environments, output, build: driver.build }, signal) }
  },
}

export interface Building {
  readonly app: AppName
  readonly source: Source
  readonly specs: readonly UnitSpec[]
  readonly environments: Readonly<Record<string, Environment>>
  readonly output: BuildRequest['output']
  readonly build: Driver['build']
}

/** service → what it runs, for every service that runs something; several are built at once, until one fails. Throws what `build` does. */
export async function buildAll({ specs, environments, build: make, ...whose }: Building, signal: AbortSignal): Promise<Record<string, Artifact>> {
  const services = specs.filter((spec) => spec.kind !== 'keyvalue')
  const artifacts = await inParallel({ signal }, services, async (spec, { signal: until }) => {
    return [spec.service, await make({ ...whose, spec, ...givenTo(environments[spec.service]) }, until)] as const
  })
  return Object.fromEntries(artifacts)
}

/** An environment as a build is given it. */
export function givenTo(environment: Environment = {}): Pick<BuildRequest, 'environment' | 'secrets'> {
  const variables = Object.entries(environment)
  return {
    environment: Object.fromEntries(variables.map(([key, { value }]) => [key, value])),
    secrets: variables.flatMap(([key, { secret }]) => (secret ? key : [])),
  }
}
