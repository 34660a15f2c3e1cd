import { contract } from '@plimsoll/model'
import { redirect } from 'next/navigation'
import { paths } from '../../../paths.ts'
import { tryApi } from '../../../server/ask-api.ts'
import { beginTrip, sayNext } from '../../../server/provider-trip.ts'
import { refusal } from '../../../server/refusal.ts'
import { localPath } from '../../../server/session.ts'

/** Leads a browser to the provider, where somebody says who they are. No other site sends anybody there in the name of the console. */
export async function GET(request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams
  const invitation = query.get('invitation')
  if ((await refusal()) !== undefined) return redirect(paths.signIn)
  const answer = await tryApi(contract.leaveForProvider, { body: invitation === null ? {} : { invitation } })
  if (answer.is === 'problem') {
    await sayNext(answer.problem.message)
    return redirect(invitation === null ? paths.signIn : paths.join(invitation))
  }
  const { url, attempt, endsAt } = answer.value
  await beginTrip({ attempt, to: localPath(query.get('to')), endsAt })
  return redirect(url)
}
