import { nameOf, wasStopped, whoServes, type Facts, type Standing } from './standing.ts'
import { trafficIn } from './who-serves.ts'

/** The sentences over a release for as long as it runs: who serves whom. Told by the browser, which sees each step. */
export function standingUnderWay(facts: Facts): Standing {
  const { release, timeline, before } = facts
  const traffic = trafficIn(timeline)
  const failed = timeline.find(({ progress }) => progress === 'failed')
  const goesBack = failed !== undefined && !failed.isPointOfNoReturn
  return {
    headline: goesBack ? `${nameOf(release)} is being taken back` : `${nameOf(release)} is on its way`,
    assurance: [whoServes({ traffic, release, before, timeline }), ...(goesBack ? [`It ${wasStopped(failed.problem?.code) ? 'was stopped' : 'failed'} at “${failed.title}”.`] : [])],
    tone: goesBack ? 'warn' : 'busy',
  }
}
