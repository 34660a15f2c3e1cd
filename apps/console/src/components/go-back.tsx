import { contract, rollbackSentences } from '@plimsoll/model'
import Link from 'next/link'
import { paths } from '../paths.ts'
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
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Link href={paths.changes(app, to, plan.value.from)} className="py-1 underline decoration-line-strong underline-offset-4 hover:decoration-current">What that changes</Link>
      <ConfirmAction
        label={`Go back to release ${to}`}
        title={`Go back to release ${to} of ${app}?`}
        consequences={rollbackSentences(plan.value)}
        confirm={`Switch to release ${to}`}
        action={goBackTo.bind(null, app, to)}
      />
    </div>
  )
}
