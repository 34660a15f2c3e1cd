import { listens, type Address, type Verdict } from '@plimsoll/model'
import type { CandidateUnit, Check, Probe } from '@plimsoll/engine'
import { timed } from './timed.ts'

/** Where services of this field commonly say whether what they depend on is there; the first that exists is asked. */
export const readinessPaths = ['/readyz', '/ready', '/health/ready', '/api/ready'] as const

/** Asks each service whether its own dependencies are there, where it offers to tell. */
export function readinessCheck(probe: Probe): Check {
  return {
    id: 'service.ready',
    title: 'Services reach what they depend on',
    async ask({ units }, signal) {
      return Promise.all(units.filter(({ spec }) => listens(spec.kind)).map((unit) => timed(() => askReadiness(probe, unit, signal))))
    },
  }
}

async function askReadiness(probe: Probe, { spec, addresses }: CandidateUnit, signal: AbortSignal): Promise<Omit<Verdict, 'tookMs'>> {
  const about = { check: 'service.ready', service: spec.service }
  const [address] = addresses
  const answer = address === undefined ? undefined : await firstAnswer(probe, address, signal)
  if (answer === undefined || address === undefined) return { ...about, is: 'skipped', finding: `${spec.service} has none of ${readinessPaths.join(', ')}` }
  if (answer.status < 400) return { ...about, is: 'pass', finding: `${answer.path} answers ${answer.status}` }
  return {
    ...about, is: 'fail', finding: `${spec.service} says that it is not ready: ${answer.path} answers ${answer.status} ${answer.body.slice(0, 200)}`,
    reproduce: `curl -i http://${address.host}:${address.port}${answer.path}`,
    hint: 'Something that it depends on is missing or unreachable; its answer and its log say what.',
  }
}

/** The first readiness path that is not simply absent. A connection that fails is left to the health check to report. */
async function firstAnswer(probe: Probe, address: Address, signal: AbortSignal): Promise<{ path: string; status: number; body: string } | undefined> {
  for (const path of readinessPaths) {
    const result = await probe.http({ address, path, timeoutMs: 5_000 }, signal)
    if (result.is === 'healthy') return { path, status: result.status ?? 200, body: '' }
    if (result.is === 'unhealthy' && result.status >= 500) return { path, status: result.status, body: result.body }
  }
  return undefined
}
