import type { BarResult } from '../bar.ts'
import type { Service } from '../peers/storefront-at.ts'
import type { WayMeasured } from './measure-way.ts'
import { turboGuide, written, type Way } from './ways.ts'

/** What an image may add to its base, and how far the whole may be from Node alone. */
const room: Readonly<Record<Service, { readonly adds: number; readonly whole: number }>> = { web: { adds: 40e6, whole: 45e6 }, api: { adds: 4e6, whole: 8e6 } }
const longestMs = 5 * 60_000

/** The bars that the written Dockerfiles must hold. */
export function judge(measured: readonly WayMeasured[]): BarResult[] {
  const of = (way: Way, service: Service): WayMeasured => {
    const found = measured.find((each) => each.way === way && each.service === service)
    if (found === undefined) throw new Error(`${way.name} was not measured for ${service}`)
    return found
  }
  return (['web', 'api'] as const).flatMap((service): BarResult[] => {
    const [ours, guide] = [of(written, service), of(turboGuide, service)]
    const { adds, whole } = room[service]
    const floor = ours.again.sizeBytes - ours.again.addsBytes
    const slowest = Math.max(ours.cold.tookMs, ours.warm.tookMs)
    return [
      { what: `${service}: adds to its base`, bar: `≤ ${mb(adds)}`, measured: mb(ours.again.addsBytes), held: ours.again.addsBytes <= adds },
      { what: `${service}: whole image, over the smallest base with Node (${mb(floor)})`, bar: `≤ ${mb(whole)}`, measured: `${mb(ours.again.sizeBytes - floor)} (${mb(ours.again.sizeBytes)})`, held: ours.again.sizeBytes - floor <= whole },
      { what: `${service}: one line changed, against Turborepo's guide`, bar: '≤ half', measured: `${s(ours.warm.tookMs)} against ${s(guide.warm.tookMs)}`, held: ours.warm.tookMs <= guide.warm.tookMs / 2 },
      { what: `${service}: cold, against Turborepo's guide`, bar: 'no slower', measured: `${s(ours.cold.tookMs)} against ${s(guide.cold.tookMs)}`, held: ours.cold.tookMs <= guide.cold.tookMs },
      { what: `${service}: nothing changed`, bar: '≤ 2 s, same image', measured: `${s(ours.again.tookMs)}, ${ours.again.id === ours.warm.id ? 'same' : 'another'} image`, held: ours.again.tookMs <= 2_000 && ours.again.id === ours.warm.id },
      { what: `${service}: slowest build`, bar: '< 5 min', measured: s(slowest), held: slowest < longestMs },
    ]
  })
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function s(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
