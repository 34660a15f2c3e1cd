import { prove, type ExecRequest } from '@plimsoll/engine'
import type { Release } from '@plimsoll/model'
import type { PlacedServices } from '../services.ts'
import { stepPoint } from './release-spans.ts'
import { traceparentOf } from './tracing.ts'

/** `services` for the steps of `release`: its pre-deploy commands find their step as TRACEPARENT in their environment, and its verification stands below its own. */
export function handingOn(services: PlacedServices, release: Release): PlacedServices {
  const { tracing, driver, prover } = services
  if (tracing === undefined) return services
  const at = (step: string): string => traceparentOf(stepPoint(tracing, release, { step }))
  const data = release.steps.find(({ moment }) => moment === 'data')?.name
  return {
    ...services,
    prover: { prove: (subject, signal) => prover.prove({ ...subject, traceparent: at(prove.name) }, signal) },
    driver: data === undefined ? driver : { ...driver, exec: (run, signal) => driver.exec(withTraceparent(run, at(data)), signal) },
  }
}

/** What the Blueprint says itself stays. */
function withTraceparent(run: ExecRequest, traceparent: string): ExecRequest {
  return { ...run, environment: { TRACEPARENT: traceparent, ...run.environment } }
}
