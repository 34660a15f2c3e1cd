import type { Probe } from '../probe.ts'
import type { Breach, Side } from './lookout.ts'
import { faultOf, illnessOf } from './watched-unit.ts'

/**
 * Asks the other release the same, before traffic goes to it. Gives why going back would not help: it is not well either, or
 * what fails now fails there too, as when a database is down. Undefined when it does better.
 */
export async function whyNoHelp(probe: Probe, { breach, subject, other }: { readonly breach: Breach; readonly subject: Side; readonly other: Side }, signal: AbortSignal): Promise<string | undefined> {
  const there = other.units.find(({ service }) => service === breach.service)
  const here = subject.units.find(({ service }) => service === breach.service)
  if (there === undefined || here === undefined) return undefined
  const illness = await illnessOf(probe, there, signal)
  if (illness !== undefined) return `release ${other.release} does no better: ${illness}`
  const [path = there.healthPath] = there.pages
  if (breach.p95Ms !== undefined && path !== undefined) {
    const slow = await faultOf(probe, { unit: there, path, withinMs: breach.p95Ms }, signal)
    return slow === undefined ? undefined : `release ${other.release} is no faster: ${slow}`
  }
  const faults = await Promise.all(breach.paths.map(async (path) => {
    const [atHere, atThere] = await Promise.all([faultOf(probe, { unit: here, path }, signal), faultOf(probe, { unit: there, path }, signal)])
    return { atHere, atThere }
  }))
  // A path that answers here by now shows nothing: it fails by chance, or only for some users.
  const telling = faults.filter(({ atHere }) => atHere !== undefined)
  const [first] = telling
  return first?.atThere !== undefined && telling.every(({ atThere }) => atThere !== undefined) ? `release ${other.release} does no better: ${first.atThere}` : undefined
}
