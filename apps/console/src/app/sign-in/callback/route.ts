import { contract } from '@plimsoll/model'
import { redirect } from 'next/navigation'
import { paths } from '../../../paths.ts'
import { tryApi } from '../../../server/ask-api.ts'
import { endTrip, sayNext } from '../../../server/provider-trip.ts'
import { keepSession } from '../../../server/session.ts'

/** Where the provider leads back to. What it says is looked at by the API, against what this very browser was sent there with. */
export async function GET(request: Request): Promise<Response> {
  const trip = await endTrip()
  if (trip === undefined) return redirect(paths.signIn)
  const answer = await tryApi(contract.comeFromProvider, { body: { attempt: trip.attempt, answer: new URL(request.url).search } })
  if (answer.is === 'problem') {
    const { message, hint } = answer.problem
    await sayNext(hint === undefined ? message : `${message}. ${hint}`)
    return redirect(paths.signIn)
  }
  await keepSession(answer.value)
  return redirect(trip.to)
}
