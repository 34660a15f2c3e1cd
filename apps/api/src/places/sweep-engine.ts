import { isPlimsollError } from '@plimsoll/model'

/** How long a start of Plimsoll waits for an engine that does not answer. */
const sweepMs = 10_000

/** Removes from an engine what a Plimsoll that died has left there, where the engine is there: most machines have none, and no app that misses it. Never throws. */
export async function sweepEngine(driver: { sweep(signal: AbortSignal): Promise<void> }, { report, signal }: { readonly report: (error: unknown) => void; readonly signal: AbortSignal }): Promise<void> {
  await driver.sweep(AbortSignal.any([signal, AbortSignal.timeout(sweepMs)])).catch((error: unknown) => {
    if (!isAway(error)) report(error)
  })
}

/** That no engine answers. */
export function isAway(error: unknown): boolean {
  return isPlimsollError(error) && error.code === 'ENGINE_DOWN'
}
