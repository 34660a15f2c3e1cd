import type { IncomingMessage, ServerResponse } from 'node:http'
import { plainPath } from '../files/locate-file.ts'
import { sendFile } from '../files/send-file.ts'
import type { Ask } from '../proxy/choose-release.ts'
import type { Route, Table } from '../table/table.ts'
import type { AssetStore } from './asset-store.ts'

export interface AssetRequest {
  readonly assets: AssetStore
  readonly table: Table
  readonly route: Route
  readonly ask: Ask
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** A path has the same bytes for ever: publishing refuses anything else. */
const forEver = { 'cache-control': 'public, max-age=31536000, immutable' }

/** Answers from the published files, of whatever release. False when the request is not for one of them and has to be forwarded. */
export function serveAsset({ assets, table, route, ask, request, response }: AssetRequest): boolean {
  if (ask.method !== 'GET' && ask.method !== 'HEAD') return false
  const path = plainPath(ask.url.split('?')[0] ?? '')
  if (path === undefined) return false
  const asset = assets.find(route.app, route.service, path)
  if (asset !== undefined) {
    const file = { path: asset.path, size: asset.size, etag: `"${asset.sha256.slice(0, 32)}"`, name: path }
    sendFile({ request, response, file, status: 200, headers: forEver })
    return true
  }
  const release = table.apps.get(route.app)?.live.release
  if (release === undefined || !assets.covers({ ...route, release }, path)) return false
  answerMissingAsset(response)
  return true
}

/** Never a page, which a browser would take for a script, and never kept: the file may come with the next release. */
export function answerMissingAsset(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
  response.end(response.req.method === 'HEAD' ? undefined : 'Not found\n')
}

/** Where Next.js puts files whose names change with their bytes, also below a base path. */
export function isBuildAsset(url: string): boolean {
  return /^[^?#]*\/_next\/static\//.test(url)
}
