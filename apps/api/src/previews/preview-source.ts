import { join, normalize } from 'node:path'
import { copySource, usualReceiveLimits } from '@plimsoll/drivers'
import { PlimsollError, type AppName } from '@plimsoll/model'
import { runGit } from '@plimsoll/repository'
import type { AppRecord } from '@plimsoll/store'
import { fetchForHook } from '../hooks/fetch-for-hook.ts'
import type { Services } from '../services.ts'
import { keepSource } from '../use-cases/sent-sources.ts'
import type { PreviewOf } from './name-preview.ts'

interface Wanted {
  /** Under whose name the source is kept: that of the preview. */
  readonly app: AppName
  readonly parent: AppRecord
  readonly preview: PreviewOf
  /** A directory that holds the commit, where it was sent. */
  readonly sent: string | undefined
}

/**
 * Lays the newest commit of a branch or a pull request into a directory of the preview's own: from what was sent, from the repository that GitHub tells of,
 * or from that which the app was released from. Throws `SOURCE_UNREADABLE`, `PREVIEW_REFUSED` for a pull request where no repository is settled.
 */
export async function previewSource(services: Services, { app, parent, preview: { of, pull, branch }, sent }: Wanted, signal: AbortSignal): Promise<string> {
  if (sent !== undefined) return copied(services, { app, from: sent, revision: 'HEAD', branch }, signal)
  const hook = await services.store.hooks.find(of)
  if (pull !== null) {
    if (hook === undefined) throw new PlimsollError('PREVIEW_REFUSED', `Which repository a pull request of ${of} is in is not settled`, { hint: `Settle it: plimsoll github set OWNER/NAME --app ${of}. Or name a branch: plimsoll preview create BRANCH` })
    return (await fetchForHook(services, { app, kept: hook, ref: `refs/pull/${pull}/head`, branch: `pull/${pull}` }, signal)).root
  }
  if (hook !== undefined) return (await fetchForHook(services, { app, kept: hook, ref: `refs/heads/${branch}`, branch: branch ?? '' }, signal)).root
  return copied(services, { app, from: parent.root, revision: `refs/heads/${branch}`, branch }, signal)
}

interface Copied {
  readonly app: AppName
  readonly from: string
  readonly revision: string
  readonly branch: string | null
}

async function copied(services: Services, { app, from, revision, branch }: Copied, signal: AbortSignal): Promise<string> {
  const commit = (await runGit(from, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`], signal).catch((cause: unknown) => {
    signal.throwIfAborted()
    throw new PlimsollError('SOURCE_UNREADABLE', `There is no branch ${branch ?? ''} in ${from}`, { hint: `See which there are: git -C ${from} branch`, cause })
  })).toString().trim()
  const { directory, value: { prefix } } = await keepSource(services, app, (at) => copySource(at, { from, commit, branch: branch ?? undefined }, usualReceiveLimits, signal))
  return join(directory, normalize(`/${prefix}`))
}
