import { basename } from 'node:path'
import { appNameSchema, PlimsollError, slugOf, type AppName, type Release, type Sample } from '@plimsoll/model'
import type { ReleaseRunner } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { startRelease } from './start-release.ts'

/** Whether there is a sample to look around with, and what it would be called. */
export function describeSample({ sample }: Pick<Services, 'sample'>): Sample {
  return sample === undefined ? { isThere: false } : { isThere: true, app: nameOf(sample) }
}

/** Releases the sample as `plimsoll up` does: it serves as soon as it is built. Throws `NOT_FOUND` where there is none, else as a release does. */
export async function releaseSample({ services, runner }: { readonly services: Services; readonly runner: ReleaseRunner }, signal: AbortSignal): Promise<Release> {
  const { sample } = services
  if (sample === undefined) throw new PlimsollError('NOT_FOUND', 'This installation has no sample', { hint: 'In a repository that has a render.yaml, type: plimsoll up' })
  const app = nameOf(sample)
  return startRelease({ services, runner }, { app, root: sample, blueprint: 'render.yaml', on: undefined, waitMs: 0, watchMs: undefined, canary: undefined, pause: false, skipVerify: 'the sample, begun in the console', images: undefined, imageSet: undefined }, signal)
}

/** As the CLI calls what lies in it. */
function nameOf(directory: string): AppName {
  return appNameSchema.parse(slugOf(basename(directory)))
}
