import { blankPicture, shownPicture, type Switched } from '@plimsoll/engine'
import type { AppName, JournalEntry, Release, ReleaseNumber, TrafficEvent, TrafficPicture } from '@plimsoll/model'
import type { Services } from '../services.ts'
import type { Painter } from '../traffic/painter.ts'
import { findRelease } from './watch-release.ts'

interface Asked {
  readonly services: Pick<Services, 'store'>
  readonly painter: Pick<Painter, 'painting'>
}

/** What users got while a release took over; without points where nothing was kept of it. Throws `NOT_FOUND`. */
export async function showTraffic({ services: { store }, painter }: Asked, app: AppName, number: ReleaseNumber): Promise<TrafficPicture> {
  const release = await findRelease({ store }, app, number)
  const painting = painter.painting(app, number)
  if (painting?.isOver === false) return painting.picture
  const [kept, journal] = await Promise.all([store.trafficPictures.find(app, number), store.journalOf(app, number, 0).read()])
  return shownPicture(kept ?? blankPicture, { painting: false, switched: switchedIn(release, journal) })
}

/** The same as it is painted; of a release that is not, the whole and the end at once. Throws `NOT_FOUND`. */
export async function watchTraffic(asked: Asked, of: { readonly app: AppName; readonly release: ReleaseNumber }, signal: AbortSignal): Promise<AsyncIterable<TrafficEvent>> {
  const data = await showTraffic(asked, of.app, of.release)
  return asked.painter.painting(of.app, of.release)?.events(signal) ?? ended(data)
}

async function* ended(data: TrafficPicture): AsyncGenerator<TrafficEvent> {
  yield { event: 'end', data }
}

/** The journal knows it to the millisecond. */
function switchedIn({ number, backTo, steps }: Release, journal: readonly JournalEntry[]): Switched | undefined {
  const name = steps.find(({ moment }) => moment === 'switch')?.name
  const done = journal.findLast((entry) => entry.is === 'done' && entry.step === name)
  return done && { release: backTo ?? number, at: done.at }
}
