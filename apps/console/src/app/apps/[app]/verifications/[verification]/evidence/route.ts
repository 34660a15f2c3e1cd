import { contract } from '@plimsoll/model'
import { askApi } from '../../../../../../server/ask-api.ts'
import { isOwnRequest } from '../../../../../../server/own-request.ts'

/** A picture that a verification has kept. Whatever is none is only saved, never shown. */
export async function GET(request: Request, { params }: { params: Promise<{ app: string; verification: string }> }): Promise<Response> {
  if (!isOwnRequest(request.headers)) return new Response(null, { status: 403 })
  const file = new URL(request.url).searchParams.get('file') ?? ''
  const answer = await askApi(contract.showEvidence, { params: await params, query: { file } })
  if (answer.is === 'problem') return new Response(null, { status: answer.problem.code === 'NOT_FOUND' ? 404 : 502 })
  const { mediaType, base64 } = answer.value
  const isPicture = mediaType.startsWith('image/')
  return new Response(Buffer.from(base64, 'base64'), {
    headers: { 'content-type': isPicture ? mediaType : 'application/octet-stream', 'cache-control': 'private, max-age=3600', ...(!isPicture && { 'content-disposition': 'attachment' }) },
  })
}
