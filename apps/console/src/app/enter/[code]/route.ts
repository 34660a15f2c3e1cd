import { contract } from '@plimsoll/model'
import { redirect } from 'next/navigation'
import { paths } from '../../../paths.ts'
import { tryApi } from '../../../server/ask-api.ts'
import { keepSession, localPath } from '../../../server/session.ts'

/** Lets whoever was given this link in, once. Who is in already is led on, and the link stays as it is. */
export async function GET(request: Request, { params }: { params: Promise<{ code: string }> }): Promise<Response> {
  const to = localPath(new URL(request.url).searchParams.get('to'))
  const known = await tryApi(contract.whoAmI, {})
  if (known.is === 'answer') return redirect(to)
  const answer = await tryApi(contract.enter, { body: { code: (await params).code } })
  if (answer.is === 'problem') return redirect(answer.problem.code === 'UNAUTHORIZED' ? `${paths.signIn}?link=over` : paths.overview)
  await keepSession(answer.value)
  return redirect(to)
}
