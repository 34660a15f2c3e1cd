import { listens, type Verdict } from '@plimsoll/model'
import type { CandidateUnit, Check, Probe } from '@plimsoll/engine'
import { timed } from './timed.ts'

/** Asks the health path that the Blueprint names. The release waited for it already; this is the evidence. */
export function healthCheck(probe: Probe): Check {
  return {
    id: 'service.health',
    title: 'Health paths answer',
    async ask({ units }, signal) {
      return Promise.all(units.filter(({ spec }) => listens(spec.kind)).map((unit) => timed(() => askHealth(probe, unit, signal))))
    },
  }
}

async function askHealth(probe: Probe, { spec, addresses }: CandidateUnit, signal: AbortSignal): Promise<Omit<Verdict, 'tookMs'>> {
  const about = { check: 'service.health', service: spec.service }
  const [address] = addresses
  if (spec.healthCheckPath === undefined || address === undefined) {
    return { ...about, is: 'skipped', finding: `${spec.service} names no healthCheckPath; only its open port was checked`, hint: 'Add healthCheckPath to the service, so that a release waits until it can really answer.' }
  }
  const result = await probe.http({ address, path: spec.healthCheckPath, timeoutMs: 5_000 }, signal)
  if (result.is === 'healthy') return { ...about, is: 'pass', finding: `${spec.healthCheckPath} answers ${result.status}` }
  const seen = result.is === 'unhealthy' ? `answers ${result.status}` : `does not answer (${result.reason})`
  return { ...about, is: 'fail', finding: `${spec.service} ${spec.healthCheckPath} ${seen}`, reproduce: `curl -i http://${address.host}:${address.port}${spec.healthCheckPath}` }
}
