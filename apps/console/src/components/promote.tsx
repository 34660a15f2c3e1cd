import { changesSentences, contract, promotionSentences, type AppView, type Release } from '@plimsoll/model'
import { isPlaceOfTheSame } from '../release/is-place-of-the-same.ts'
import { askApi } from '../server/ask-api.ts'
import { promoteTo } from '../server/steer-release.ts'
import { looksAs } from '../server/who-looks.ts'
import { ConfirmAction } from './confirm-action.tsx'

/** Lets the artifacts of what is live here go live in the other places of the same app, each once it has said what differs there. Where it cannot be done there is no button. */
export async function Promote({ app, release }: { app: AppView; release: Release }) {
  if (app.live?.number !== release.number || !(await looksAs('releaser', app.name))) return null
  const all = await askApi(contract.listApps, {})
  if (all.is === 'problem') return null
  return all.value.filter((other) => isPlaceOfTheSame(other, app)).map((other) => <PromoteTo key={other.name} from={app} release={release.number} to={other} />)
}

async function PromoteTo({ from: { name: from }, release, to: { name: to, live } }: { from: AppView; release: number; to: AppView }) {
  if (!(await looksAs('releaser', to))) return null
  const plan = await askApi(contract.describePromotion, { params: { app: to }, body: { from, values: {} } })
  // What is live there already needs no promotion.
  if (plan.is === 'problem' || plan.value.artifacts.every(({ isLive }) => isLive)) return null
  const commits = changesSentences({ commits: plan.value.commits, environment: { is: 'known', variables: [] } }).slice(0, -1)
  return (
    <ConfirmAction
      label={`Promote to ${to}`}
      title={`Let release ${release} of ${from} go live in ${to}?`}
      consequences={[...commits, ...promotionSentences(plan.value)]}
      confirm={`Release it in ${to}`}
      action={promoteTo.bind(null, { from, release, to, domains: live?.source.domains })}
    />
  )
}
