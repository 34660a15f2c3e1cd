import { rm } from 'node:fs/promises'
import { PlimsollError, toProblem, type AppName, type Hook, type Verification } from '@plimsoll/model'
import type { KeptHook } from '@plimsoll/store'
import { verificationMessage } from '@plimsoll/verify/notify'
import { linkTo } from '../notify/console-link.ts'
import type { PreviewKeeper } from '../previews/keep-previews.ts'
import type { ReleaseRunner } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { startRelease } from '../use-cases/start-release.ts'
import type { Verifier } from '../verify/create-verifier.ts'
import { fetchForHook } from './fetch-for-hook.ts'
import { markCommit, plainMark } from './mark-commit.ts'

export interface HookParts {
  readonly services: Services
  readonly runner: ReleaseRunner
  readonly verifier: Pick<Verifier, 'verify'>
  readonly previews: Pick<PreviewKeeper, 'create' | 'end'>
}

/** How long a release that somebody else has begun is waited for. */
const waitMs = 60 * 60_000

/** Releases what the branch holds now, as soon as nothing else of the app is released. Returns when it has begun. Throws what a release does, and `SOURCE_UNREADABLE`. */
export async function releaseBranch({ services, runner }: HookParts, { hook }: { readonly hook: KeptHook }, signal: AbortSignal): Promise<{ readonly release: number }> {
  const { app, branch } = hook.hook
  // Fetched as late as can be: what was pushed meanwhile is released with it.
  await runner.ended(app)
  const { root } = await fetchForHook(services, { kept: hook, ref: `refs/heads/${branch}`, branch }, signal)
  const { number } = await startRelease({ services, runner }, { app, root, blueprint: await blueprintOf(services, app), on: undefined, waitMs, watchMs: undefined, canary: undefined, pause: false, images: undefined, imageSet: undefined }, signal)
  return { release: number }
}

/** Verifies what a pull request holds now, and marks its commit. Throws what a verification does before it begins; what comes later is its result. */
export async function verifyPull(parts: HookParts, { hook, pull }: { readonly hook: KeptHook; readonly pull: number }, signal: AbortSignal): Promise<{ readonly verification: string; readonly why: string }> {
  const { services } = parts
  const { root, directory, commit } = await fetchForHook(services, { kept: hook, ref: `refs/pull/${pull}/head`, branch: `pull/${pull}` }, signal)
  try {
    await markCommit(services, hook, plainMark({ commit, state: 'pending', says: 'It is being asked in a throw-away copy.', now: services.clock.now() }), signal)
    const record = await verified(parts, hook.hook, root, signal)
    signal.throwIfAborted()
    const unmarked = await markCommit(services, hook, verificationMessage(record, undefined, linkTo(services.console, `/apps/${record.app}/verifications/${record.id}`)), signal)
    return { verification: record.id, why: [record.state, ...(unmarked === undefined ? [] : [unmarked])].join('; ') }
  } catch (error) {
    // What a newer push has overtaken, or what the next start does again, is marked then.
    if (!signal.aborted) await markCommit(services, hook, plainMark({ commit, state: 'error', says: services.secrets.redact(toProblem(error).message), now: services.clock.now() }), signal)
    throw error
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

// oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
async function verified({ services, verifier }: HookParts, { app }: Hook, root: string, signal: AbortSignal): Promise<Verification> {
  const wanted = { app, root, blueprint: await blueprintOf(services, app), on: undefined, seed: undefined, report: undefined, pause: undefined, traceparent: undefined }
  for await (const event of await verifier.verify(wanted, signal)) if (event.event === 'end') return event.data
  signal.throwIfAborted()
  throw new PlimsollError('INTERRUPTED', 'The verification came to no end')
}

async function blueprintOf({ store }: Services, app: AppName): Promise<string> {
  return (await store.apps.find(app))?.blueprint ?? 'render.yaml'
}
