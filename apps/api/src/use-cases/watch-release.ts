import { hasSettled, PlimsollError, type AppName, type Release, type ReleaseEvent, type ReleaseNumber } from '@plimsoll/model'
import { merge } from '../merge.ts'
import type { Services } from '../services.ts'

/** One release of an app. Throws `NOT_FOUND`. */
export async function findRelease({ store }: Pick<Services, 'store'>, app: AppName, number: ReleaseNumber): Promise<Release> {
  const release = await store.releases.find(app, number)
  if (release !== undefined) return release
  throw new PlimsollError('NOT_FOUND', `${app} has no release ${number}`, { hint: `See its releases: plimsoll status --app ${app}` })
}

/** What happened to a release after journal entry `after`, what happens while it runs, and `end` when it has settled. */
export async function* watchRelease(services: Services, watched: { readonly app: AppName; readonly release: ReleaseNumber; readonly after: number }, signal: AbortSignal): AsyncGenerator<ReleaseEvent> {
  const { store, hub } = services
  const { app, release, after } = watched
  const ended = new AbortController()
  const seen = { last: after }
  const running = hub.lines(app, release, signal)
  const entries = entryEvents(services, { app, release, seen }, AbortSignal.any([signal, ended.signal]))
  if (!hasSettled((await findRelease(services, app, release)).state)) {
    yield* merge<ReleaseEvent>([entries, lineEvents(running, ended)])
  }
  // Whatever was written between the last event and the end.
  for (const { seq, entry } of await store.readJournal({ app, release, after: seen.last })) yield { event: 'entry', id: seq, data: entry }
  yield { event: 'end', data: await findRelease(services, app, release) }
}

async function* entryEvents({ store }: Services, { app, release, seen }: { readonly app: AppName; readonly release: ReleaseNumber; readonly seen: { last: number } }, signal: AbortSignal): AsyncGenerator<ReleaseEvent> {
  try {
    for await (const { seq, entry } of store.watchJournal({ app, release, after: seen.last }, signal)) {
      seen.last = seq
      yield { event: 'entry', id: seq, data: entry }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** The release has settled when its lines end. */
async function* lineEvents(lines: AsyncIterable<Extract<ReleaseEvent, { event: 'line' }>['data']>, ended: AbortController): AsyncGenerator<ReleaseEvent> {
  try {
    for await (const line of lines) yield { event: 'line', data: line }
  } finally {
    ended.abort()
  }
}
