import { setTimeout as sleep } from 'node:timers/promises'
import { listens } from '@plimsoll/model'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { AppCopy, Rehearsal } from '../../rehearsal/rehearsal.ts'
import { bootStart } from '../boot/start-check.ts'
import { oldOnNew } from '../database/old-on-new-check.ts'
import { migrators, runPreDeploy } from '../database/pre-deploy.ts'
import { isBad, readProbesOf, type ReadProbe } from '../read-probes.ts'
import { askConstantly, type ConstantTraffic, type Miss } from './constant-traffic.ts'

/** How many requests are answered before, between and after the two switches. */
const requestsEach = 60

/**
 * Releases what is live, then the candidate beside it, then goes back, under requests that never stop: with the same edge, the same switch
 * and the same drain as a release. Where nothing is live, the candidate follows itself.
 */
export function switchCheck(): RehearsalCheck {
  return {
    id: 'release.switch',
    title: 'Nothing is lost while traffic switches to the candidate and back',
    concern: 'release',
    // Requests that the live release cannot answer on the new schema would be lost for a reason that is known by then.
    after: [bootStart, oldOnNew],
    limitMs: 180_000,
    async ask(rehearsal, signal) {
      if (rehearsal.paused === true && rehearsal.live !== undefined) return [{ is: 'skipped', finding: 'A release with a pause switches while nothing is served' }]
      const of = rehearsal.live === undefined ? 'candidate' : 'live'
      await using before = await rehearsal.raise({ of, databases: of === 'live' ? 'live' : 'migrated' }, signal)
      const probes = await goodProbes(before, signal)
      if (probes.length === 0) return [{ is: 'skipped', finding: 'No public service answers anything that could be asked again and again' }]
      const traffic = askConstantly(before, probes, signal)
      try {
        await traffic.until(requestsEach)
        const after = await releaseBeside(rehearsal, before, signal)
        const mixed = await switches({ before, after, traffic, rehearsal }, signal)
        const misses = await traffic.end()
        const found = [...lost(misses, traffic.asked()), ...mixed]
        return found.length > 0 ? found : [passed(of, traffic.asked())]
      } finally {
        await traffic.end()
      }
    },
  }
}

/** What answers well before anything is switched, at public entries. */
async function goodProbes(copy: AppCopy, signal: AbortSignal): Promise<readonly ReadProbe[]> {
  const open = copy.units.filter(({ spec }) => copy.url(spec.service) !== undefined)
  const probes = (await Promise.all(open.map((unit) => readProbesOf(unit, signal)))).flat()
  const once = askConstantly(copy, probes, signal)
  await once.until(probes.length)
  const failed = new Set((await once.end()).map(({ service, path }) => `${service} ${path}`))
  return probes.filter(({ service, path }) => !failed.has(`${service} ${path}`))
}

/** As a release does: migrates under what is live, then starts beside it. */
async function releaseBeside(rehearsal: Rehearsal, before: AppCopy, signal: AbortSignal): Promise<AppCopy> {
  const after = await rehearsal.raise({ beside: before, start: [] }, signal)
  const stumble = migrators(rehearsal).length === 0 ? undefined : await runPreDeploy(rehearsal, after, signal)
  if (stumble !== undefined) throw new Error(`the preDeployCommand of ${stumble.service} ${stumble.how}`)
  // Workers are handed over after the switch, and answer no request.
  await Promise.all(after.units.filter(({ spec }) => listens(spec.kind)).map((unit) => unit.start(signal)))
  return after
}

interface Switching {
  readonly rehearsal: Rehearsal
  readonly before: AppCopy
  readonly after: AppCopy
  readonly traffic: ConstantTraffic
}

async function switches({ rehearsal, before, after, traffic }: Switching, signal: AbortSignal): Promise<readonly Finding[]> {
  await after.traffic.serve(signal)
  await traffic.until(requestsEach)
  const pinned = await pinnedElsewhere({ rehearsal, before, after }, signal)
  await before.traffic.serve(signal)
  await traffic.until(requestsEach)
  const { cutRequests } = await after.traffic.drain(signal)
  return cutRequests === 0 ? pinned : [...pinned, { is: 'fail', finding: `${cutRequests} requests to the candidate had no answer when its time to end them was over` }]
}

const pinnedRequests = 5

/** A page of the release before asks by its id, and is answered by that release, whichever is live. */
async function pinnedElsewhere({ rehearsal, before, after }: Omit<Switching, 'traffic'>, signal: AbortSignal): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for (const { service, deploymentId } of idsOf(rehearsal)) {
    const url = before.url(service)
    if (url === undefined) continue
    const earlier = await requestsTo(before, service, signal)
    for (let asked = 0; asked < pinnedRequests; asked += 1) await fetch(url, { headers: { 'x-deployment-id': deploymentId }, redirect: 'manual', signal }).then((response) => response.arrayBuffer())
    const answered = await counted({ before, service, from: earlier }, signal)
    if (answered < pinnedRequests) found.push({
      is: 'fail', finding: `Of ${pinnedRequests} requests of a page of before, ${pinnedRequests - answered} were answered by another release`,
      evidence: [{ title: 'What the edge has counted', text: JSON.stringify({ before: await before.traffic.counters(signal), after: await after.traffic.counters(signal) }, undefined, 2) }],
    })
  }
  return found
}

/** Ids of what is live that the candidate's pages do not carry: of one build there is no telling whose page it is. */
function idsOf({ live, artifacts }: Rehearsal): readonly { readonly service: string; readonly deploymentId: string }[] {
  return Object.entries(live?.artifacts ?? {}).flatMap(([service, { deploymentId }]) => (deploymentId === undefined || artifacts[service]?.deploymentId === deploymentId ? [] : [{ service, deploymentId }]))
}

interface Counted {
  readonly before: AppCopy
  readonly service: string
  readonly from: number
}

/** An answer is counted a moment after it was read. */
async function counted({ before, service, from }: Counted, signal: AbortSignal): Promise<number> {
  for (let looks = 0; looks < 40; looks += 1) {
    if ((await requestsTo(before, service, signal)) - from >= pinnedRequests) break
    await sleep(50, undefined, { signal })
  }
  return (await requestsTo(before, service, signal)) - from
}

async function requestsTo(copy: AppCopy, service: string, signal: AbortSignal): Promise<number> {
  return (await copy.traffic.counters(signal))[service]?.requests ?? 0
}

function lost(misses: readonly Miss[], asked: number): readonly Finding[] {
  const [first] = misses
  if (first === undefined) return []
  const lines = misses.slice(0, 20).map(({ service, path, status, why }) => `${service} ${path}: ${status ?? why}`)
  return [{
    is: 'fail', finding: `${misses.length} of ${asked} requests failed while traffic was switched: ${first.path} of ${first.service} ${isBad(first) && first.status !== undefined ? `answered ${first.status}` : `had no answer (${first.why})`}`,
    hint: 'A release that is live must go on working while the pre-deploy commands run and until the switch, and the candidate must be able to serve as soon as it calls itself healthy.',
    evidence: [{ title: 'Requests that failed', text: lines.join('\n') }],
  }]
}

function passed(of: 'live' | 'candidate', asked: number): Finding {
  const which = of === 'live' ? 'from what is live to the candidate and back' : 'from the candidate to itself and back, as nothing is live'
  return { is: 'pass', finding: `${asked} requests, none lost, while traffic was switched ${which}` }
}
