import { lasting, patienceMs, type Arrival, type ArrivalContext } from '../arrival.ts'
import { exchange, type Exchange } from '../exchange.ts'
import type { Hop } from '../load-record.ts'
import { pause } from '../pause.ts'
import type { ReadPage } from '../read-html.ts'
import { openPage } from './page.ts'

/** A tab that is opened, left alone for up to three seconds, and then sends the Server Action that its form carries. */
export const action: Arrival = async (context) => {
  const path = context.target.actionPage
  if (path === undefined) return { hops: [] }
  const opened = await openPage(context, path)
  if (opened.exchange.failure !== undefined) return { hops: [opened.hop], failure: opened.exchange.failure }
  if (opened.page.actionFields === undefined) {
    return { hops: [opened.hop], failure: { is: 'garbled', detail: `GET ${path} has no form with a Server Action` } }
  }
  await pause(lasting(context, 500, 3000), context.ending)
  const sent = await sendAction(context, { path, page: opened.page, tab: opened.hop, cookies: cookiesOf(opened.exchange) })
  return { hops: [opened.hop, sent.hop], failure: sent.failure }
}

interface OldTab {
  readonly path: string
  readonly page: ReadPage
  readonly tab: Hop
  readonly cookies: string
}

function sendAction(context: ArrivalContext, { path, page, tab, cookies }: OldTab): Promise<Exchange> {
  const { boundary, body } = multipart(page.actionFields ?? [])
  const origin = context.target.web.origin
  return exchange({
    what: `POST ${path} (action)`,
    url: new URL(path, context.target.web),
    method: 'POST',
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      origin,
      ...(cookies !== '' && { cookie: cookies }),
      ...(page.deploymentId !== undefined && { 'x-deployment-id': page.deploymentId }),
    },
    body,
    agent: context.fresh,
    timeoutMs: patienceMs,
    // A form that was sent without JavaScript is answered with a redirect.
    accepts: (status) => (status >= 200 && status < 300) || status === 303,
    ...(page.deploymentId !== undefined && { pinnedTo: tab.servedBy }),
  })
}

function multipart(fields: readonly (readonly [string, string])[]): { boundary: string; body: string } {
  const boundary = 'plimsoll-old-tab-7f3a'
  const parts = fields.map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
  return { boundary, body: `${parts.join('')}--${boundary}--\r\n` }
}

function cookiesOf({ headers }: Exchange): string {
  return (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ')
}
