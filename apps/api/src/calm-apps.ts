import type { Clock } from '@plimsoll/engine'
import type { AppName } from '@plimsoll/model'

/** How long it is taken for granted that nothing has come up in an app, in milliseconds. */
const calmMs = 60_000

/** Apps in which there is nothing to do, now or later, for as long as the edge serves the same. */
export interface CalmApps {
  /** Whether `app`, for which the edge serves `serves`, is to be looked at. */
  isDue(app: AppName, serves: string): boolean
  note(app: AppName, serves: string): void
  forget(app: AppName): void
}

/** What nobody needs comes up with a switch, which the edge tells, or with a fault, for which each app is looked at now and then. Looking at hundreds of them every few seconds is most of what Plimsoll does at rest. */
export function calmApps(clock: Pick<Clock, 'now'>): CalmApps {
  const known = new Map<AppName, { readonly serves: string; readonly since: number }>()
  return {
    isDue(app, serves) {
      const calm = known.get(app)
      return calm?.serves !== serves || clock.now() - calm.since >= calmMs
    },
    note: (app, serves) => void known.set(app, { serves, since: clock.now() }),
    forget: (app) => void known.delete(app),
  }
}
