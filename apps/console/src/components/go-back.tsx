import { consequencesOfGoingBack } from '../release/consequences.ts'
import { goBackTo } from '../server/steer-release.ts'
import { ConfirmAction } from './confirm-action.tsx'

/** Lets a warm release serve again, once it has said what that does. */
export function GoBack({ app, to, live }: { app: string; to: number; live: number }) {
  return (
    <ConfirmAction
      label={`Go back to release ${to}`}
      title={`Go back to release ${to} of ${app}?`}
      consequences={consequencesOfGoingBack(app, to, live)}
      confirm={`Switch to release ${to}`}
      action={goBackTo.bind(null, app, to)}
    />
  )
}
