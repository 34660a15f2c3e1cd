import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Target } from '@plimsoll/model'
import { answerItself, type OwnAnswer } from '../proxy/answer.ts'
import type { Exchange } from '../proxy/exchange.ts'
import { locateFile } from './locate-file.ts'
import { sendFile, type SentFile } from './send-file.ts'
import { routeOutcome, siteHeaders } from './site-rules.ts'

export interface SiteRequest {
  readonly target: Extract<Target, { kind: 'files' }>
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Path and query as the client sent them. */
  readonly url: string
  readonly exchange: Exchange
  readonly log: (line: string) => void
}

/** Without a word from the Blueprint, browsers ask each time whether a page changed, and are told by its tag. */
const defaultCache = { 'cache-control': 'public, max-age=0, must-revalidate' }

/** Answers as a static site of Render does: a file that exists wins, then the routes from top to bottom, then `404.html`. */
export async function serveSite(site: SiteRequest): Promise<void> {
  try {
    site.exchange.answered(await answer(site))
  } catch (error) {
    site.log(`${site.target.unit} could not answer ${site.url}: ${String(error)}`)
    site.exchange.answered(500)
    answerItself(site.request, site.response, { status: 500, detail: 'The file could not be read.' })
  }
}

async function answer(site: SiteRequest): Promise<number> {
  const { request, target, url } = site
  if (request.method !== 'GET' && request.method !== 'HEAD') return say(site, { status: 405, detail: 'A static site answers GET and HEAD.', headers: { allow: 'GET, HEAD' } })
  const { path, query } = split(url)
  const located = await locateFile(target.root, path)
  if (located?.kind === 'file') return send(site, located.file, 200)
  if (located?.kind === 'directory') return redirect(site, `${path.replace(/^[/\\]+/, '/')}/${query}`)
  const outcome = routeOutcome(target.site, path)
  if (outcome?.kind === 'redirect') return redirect(site, outcome.location.includes('?') ? outcome.location : `${outcome.location}${query}`)
  if (outcome?.kind === 'elsewhere') return say(site, { status: 502, detail: `This path is rewritten to ${new URL(outcome.url).origin}; Plimsoll's edge does not fetch from other sites.` })
  if (outcome?.kind === 'rewrite') {
    const rewritten = await locateFile(target.root, split(outcome.path).path)
    if (rewritten?.kind === 'file') return send(site, rewritten.file, 200)
  }
  return await notFound(site)
}

async function notFound(site: SiteRequest): Promise<number> {
  const page = await locateFile(site.target.root, '/404.html')
  return page?.kind === 'file' ? send(site, page.file, 404) : say(site, { status: 404, detail: 'There is no such page.' })
}

function send({ request, response, target, url }: SiteRequest, file: SentFile, status: number): number {
  return sendFile({ request, response, file, status, headers: { ...defaultCache, ...siteHeaders(target.site, split(url).path) } })
}

function redirect({ response, target, url }: SiteRequest, location: string): number {
  response.writeHead(301, { ...siteHeaders(target.site, split(url).path), location, 'content-length': 0 }).end()
  return 301
}

function say({ request, response }: SiteRequest, own: OwnAnswer): number {
  answerItself(request, response, own)
  return own.status
}

function split(url: string): { path: string; query: string } {
  const at = url.indexOf('?')
  return at === -1 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at) }
}
