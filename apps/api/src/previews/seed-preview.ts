import { runnableUnits, type EdgeContext } from '@plimsoll/engine'
import { toProblem, type AppName, type LogLine, type ReleaseNumber } from '@plimsoll/model'
import type { PreviewRecord } from '@plimsoll/store'
import type { Services } from '../services.ts'

export interface SeedingPreview {
  readonly services: Services
  /** The context in which units of a release can be run. */
  readonly contextFor: (app: AppName, release: ReleaseNumber, signal: AbortSignal) => Promise<EdgeContext>
}

/**
 * Runs every `initialDeployHook` once in a preview that began with empty databases, as soon as a release of it is live. One that fails is said, and tried again with the next
 * release; one that goes on while Plimsoll is away is waited for and not run again. Twice is once.
 */
export async function seedPreview(parts: SeedingPreview, record: PreviewRecord, signal: AbortSignal): Promise<void> {
  const { store, edge } = parts.services
  if (record.data !== 'empty' || record.isEnding) return
  const release = (await edge.live(record.app, signal))?.live.release
  if (release === undefined || release === record.seededBy || (record.seededBy !== null && record.seedProblem === null)) return
  const problem = await runHooks(parts, { app: record.app, release }, signal)
  await store.previews.noteSeed(record.app, { seededBy: release, seedProblem: problem ?? null })
}

/** Gives why one of them failed; those after it are not run then. */
async function runHooks({ services, contextFor }: SeedingPreview, { app, release }: { readonly app: AppName; readonly release: ReleaseNumber }, signal: AbortSignal): Promise<string | undefined> {
  const context = await contextFor(app, release, signal)
  const output = (line: LogLine): void => services.hub.line(app, release, line)
  const once = { name: 'initial-deploy', whenLost: 'again' } as const
  for (const unit of await runnableUnits(context, await context.memory.recall(release))) {
    const command = unit.spec.initialDeployHook
    if (command === undefined) continue
    try {
      const { code, signal: killedBy, log } = await context.driver.exec({ ...unit, command, output, once }, signal)
      if (code !== 0) return services.secrets.redact(`The initialDeployHook of ${unit.spec.service} ended ${killedBy === null ? `with status ${code}` : `by ${killedBy}`}: ${log.at(-1) ?? command}`)
    } catch (error) {
      signal.throwIfAborted()
      return services.secrets.redact(`The initialDeployHook of ${unit.spec.service} could not be run: ${toProblem(error).message}`)
    }
  }
  return undefined
}
