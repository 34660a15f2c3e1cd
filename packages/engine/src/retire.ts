import type { ReleaseNumber, Traffic } from '@plimsoll/model'
import { unitOf } from './release-units.ts'
import type { EdgeContext } from './release-context.ts'

/** How long what is in flight to a retired release may take. */
const requestGraceMs = 60_000
/** Event streams and WebSockets of a retired release, before they are closed with 1012. */
const streamGraceMs = 10_000

/**
 * Takes `releases` out of `traffic`, waits until nothing is in flight to them, and stops their units:
 * the edge leads, and SIGTERM comes only when no request can be lost by it. Twice is once.
 */
export async function retire(context: EdgeContext, traffic: Traffic, releases: readonly ReleaseNumber[]): Promise<void> {
  const { fence, edge, signal } = context
  const previous = traffic.previous.filter(({ release }) => !releases.includes(release))
  await edge.shift({ ...traffic, fence, previous }, signal)
  await Promise.all(releases.map((release) => retireOne(context, release)))
}

async function retireOne(context: EdgeContext, release: ReleaseNumber): Promise<void> {
  const { app, edge, driver, signal, memory } = context
  await edge.drain({ app, release, requestGraceMs, streamGraceMs }, signal)
  const { specs } = await memory.recall(release)
  await Promise.all(specs.map((spec) => driver.stop(app, unitOf(context, spec, release), spec.maxShutdownDelayMs, signal)))
}
