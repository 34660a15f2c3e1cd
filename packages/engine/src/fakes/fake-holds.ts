import type { AppName, Holds } from '@plimsoll/model'
import type { MaintainRequest, PauseRequest } from '../edge.ts'

/** What a fake edge remembers of pauses and maintenance. */
export interface FakeHolds {
  of(app: AppName): Holds
  /** Those of which something was ever held, and that were not forgotten. */
  apps(): readonly AppName[]
  pause(request: PauseRequest): void
  maintain(request: MaintainRequest): void
  forget(app: AppName): void
  /** What was asked of `pause`, oldest first. */
  readonly pauses: readonly ('paused' | 'resumed')[]
}

export function fakeHolds(): FakeHolds {
  const held = new Map<AppName, Holds>()
  const pauses: ('paused' | 'resumed')[] = []
  return {
    pauses,
    of: (app) => held.get(app) ?? {},
    apps: () => [...held.keys()],
    pause({ app, pause }) {
      const { pause: _, ...others } = held.get(app) ?? {}
      held.set(app, pause === null ? others : { ...others, pause })
      pauses.push(pause === null ? 'resumed' : 'paused')
    },
    maintain({ app, maintenance }) {
      const { maintenance: _, ...others } = held.get(app) ?? {}
      held.set(app, maintenance === null ? others : { ...others, maintenance })
    },
    forget: (app) => void held.delete(app),
  }
}
