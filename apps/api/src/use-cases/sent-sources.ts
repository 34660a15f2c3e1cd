import { randomBytes } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import type { Readable } from 'node:stream'
import { receiveSource, usualReceiveLimits } from '@plimsoll/drivers'
import { isAsMuchAs, PlimsollError, roleIn, type AppName, type GivenSource, type Principal } from '@plimsoll/model'
import type { Services } from '../services.ts'

/** What was sent is kept for as long as it may still be built. */
const keptSources = 8

export interface Sending {
  readonly app: AppName
  readonly commit: string
  readonly branch: string | undefined
  readonly pack: Readable
}

/** Keeps one commit that somebody has sent, and forgets the oldest of the app. Throws `SOURCE_UNREADABLE`. */
export async function receiveSent({ sources }: Pick<Services, 'sources'>, { app, ...sent }: Sending, signal: AbortSignal): Promise<{ sent: string }> {
  const { id } = await keepSource({ sources }, app, (directory) => receiveSource(directory, sent, usualReceiveLimits, signal))
  return { sent: id }
}

/** Keeps what `fill` lays into a new directory, and forgets the oldest of the app. Throws what `fill` does. */
export async function keepSource<T>({ sources }: Pick<Services, 'sources'>, app: AppName, fill: (directory: string) => Promise<T>): Promise<{ readonly id: string; readonly directory: string; readonly value: T }> {
  const id = `${Date.now().toString(36)}-${randomBytes(6).toString('hex')}`
  const directory = join(sources, app, id)
  const value = await fill(directory)
  const all = (await readdir(join(sources, app))).toSorted()
  await Promise.all(all.slice(0, -keptSources).map(async (old) => rm(join(sources, app, old), { recursive: true, force: true })))
  return { id, directory, value }
}

/**
 * Where a source lies on this machine. Throws `FORBIDDEN` for a directory that is named by somebody who is no admin of the app: its commands would
 * run with what others have laid there. Throws `NOT_FOUND` for what was not sent, or is forgotten.
 */
export async function locateSource({ sources }: Pick<Services, 'sources'>, { app, source, who }: { readonly app: AppName; readonly source: GivenSource; readonly who: Principal }): Promise<{ readonly root: string; readonly blueprint: string }> {
  if ('root' in source) {
    if (isAsMuchAs(roleIn(who.grants, app), 'admin')) return source
    throw new PlimsollError('FORBIDDEN', 'Only an admin may name a directory of the machine that Plimsoll runs on', { hint: 'Send the commit: plimsoll release --server URL' })
  }
  const repository = join(sources, app, source.sent)
  const root = join(repository, normalize(`/${source.prefix ?? ''}`))
  const found = await stat(root).catch(() => undefined)
  if (found?.isDirectory() !== true) throw new PlimsollError('NOT_FOUND', `Nothing was sent as ${source.sent}, or it is forgotten`, { hint: 'Send it again.' })
  return { root, blueprint: source.blueprint }
}
