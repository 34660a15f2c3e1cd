import { contract, rollbackSentences } from '@plimsoll/model'
import { askApi } from '../server/ask-api.ts'
import { goBackTo } from '../server/steer-release.ts'
import { looksAs } from '../server/who-looks.ts'
import { ConfirmAction } from './confirm-action.tsx'

/** Lets a warm release serve again, once it has said what that does. Where it cannot be done there is no button. */
export async function GoBack({ app, to }: { app: string; to: number }) {
  if (!(await looksAs('releaser', app))) return null
  const plan = await askApi(contract.describeRollback, { params: { app }, query: { to } })
  if (plan.is === 'problem') return null
  return (
    <ConfirmAction
      label={`Go back to release ${to}`}
      title={`Go back to release ${to} of ${app}?`}
      consequences={rollbackSentences(plan.value)}
      confirm={`Switch to release ${to}`}
      action={goBackTo.bind(null, app, to)}
    />
  )
}
