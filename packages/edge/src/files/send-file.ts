import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import mime from 'mime'
import { type ByteRange, byteRange } from './byte-range.ts'
import { smallBytes, SmallFiles } from './small-files.ts'

/** A file as it is sent: bytes that do not change while they have this tag. */
export interface SentFile {
  readonly path: string
  readonly size: number
  /** With its quotes. */
  readonly etag: string
  readonly modifiedAt?: Date
  /** The name whose ending tells the content type, where `path` does not have it. */
  readonly name?: string
}

export interface Sending {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly file: SentFile
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

/** Answers GET and HEAD with the file, a part of it, or 304. Returns the status that was sent. */
export function sendFile({ request, response, file, status, headers }: Sending): number {
  const head: Record<string, string | number> = {
    'content-type': contentTypeOf(file.name ?? file.path),
    'accept-ranges': 'bytes',
    etag: file.etag,
    ...(file.modifiedAt !== undefined && { 'last-modified': file.modifiedAt.toUTCString() }),
    ...headers,
  }
  if (status === 200 && isFresh(request, file)) {
    delete head['content-type']
    response.writeHead(304, head).end()
    return 304
  }
  const range = status === 200 && rangeApplies(request, file) ? byteRange(request.headers.range, file.size) : undefined
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${file.size}`, 'content-length': 0 }).end()
    return 416
  }
  const { start, end } = range ?? { start: 0, end: file.size - 1 }
  if (range !== undefined) head['content-range'] = `bytes ${start}-${end}/${file.size}`
  const sent = range === undefined ? status : 206
  response.writeHead(sent, { ...head, 'content-length': end - start + 1 })
  if (request.method === 'HEAD' || file.size === 0) response.end()
  else if (file.size > smallBytes) stream(response, file.path, { start, end })
  else sendSmall(response, file, { start, end })
  return sent
}

export function contentTypeOf(path: string): string {
  const type = mime.getType(path) ?? 'application/octet-stream'
  return /^text\/|javascript$|json$|\+xml$/.test(type) ? `${type}; charset=utf-8` : type
}

const smallFiles = new SmallFiles()

function sendSmall(response: ServerResponse, file: SentFile, { start, end }: ByteRange): void {
  const send = (bytes: Buffer | undefined): void => {
    // The head with its length is to be followed by just that: else the answer is cut, as below.
    if (bytes === undefined) response.destroy()
    else if (!response.destroyed) response.end(bytes.subarray(start, end + 1))
  }
  const known = smallFiles.get(file)
  if (known !== undefined) return send(known)
  smallFiles.read(file).then(send, () => response.destroy())
}

function stream(response: ServerResponse, path: string, range: ByteRange): void {
  const source = createReadStream(path, range)
  // The head with its length is out already, so a file that cannot be read to its end has to cut the answer.
  source.once('error', () => response.destroy())
  response.once('close', () => source.destroy())
  source.pipe(response)
}

/** RFC 9110, 13.2.2: a tag decides where the client sent one, else the date does. */
function isFresh({ headers }: IncomingMessage, { etag, modifiedAt }: SentFile): boolean {
  const tags = headers['if-none-match']
  if (tags !== undefined) return tags.trim() === '*' || tags.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
  const since = Date.parse(headers['if-modified-since'] ?? '')
  return modifiedAt !== undefined && !Number.isNaN(since) && Math.floor(modifiedAt.getTime() / 1000) * 1000 <= since
}

function rangeApplies({ headers }: IncomingMessage, { etag }: SentFile): boolean {
  const condition = headers['if-range']
  return headers.range !== undefined && (condition === undefined || condition === etag)
}
