import { artifactSchema, type Artifact } from '@plimsoll/model'
import { z } from 'zod'
import type { ReleaseContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Planned } from './plan.ts'

export interface Built {
  /** service name → what it runs. Key-value services have none. */
  readonly artifacts: Readonly<Record<string, Artifact>>
}

/** Builds every service whose inputs are new, several at once; equal inputs give the artifact that was made before. */
export const build: Step<ReleaseContext, Planned, Built> = {
  name: 'build',
  title: 'Build what changed',
  gives: z.object({ artifacts: z.record(z.string(), artifactSchema) }),
  async run(context, { specs, blueprint }) {
    const environments = await context.wiring.environments({ phase: 'build', blueprint, addresses: {} }, context.signal)
    // The first failure ends the other builds, so that its message is not followed by minutes of silence.
    const failed = new AbortController()
    const signal = AbortSignal.any([context.signal, failed.signal])
    const builds = specs.filter((spec) => spec.kind !== 'keyvalue').map(async (spec) => {
      const values = Object.entries(environments[spec.service] ?? {}).map(([key, variable]) => [key, variable.value] as const)
      const request = { app: context.app, spec, source: context.release.source, environment: Object.fromEntries(values), output: context.output }
      const artifact = await context.driver.build(request, signal)
      return [spec.service, artifact] as const
    })
    return { artifacts: Object.fromEntries(await firstFailureEnds(builds, failed)) }
  },
}

/** Waits for all, also after one failed, so that nothing is left running; then throws the failure that came first. */
async function firstFailureEnds<T>(work: readonly Promise<T>[], failed: AbortController): Promise<T[]> {
  let first: { readonly reason: unknown } | undefined
  const settled = await Promise.allSettled(work.map((each) => each.catch((reason: unknown) => {
    first ??= { reason }
    failed.abort(reason)
    throw reason
  })))
  if (first !== undefined) throw first.reason
  return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
}
