import type { RawHeaders } from '../header-rules.ts'

/** The head of an upstream's answer, understood strictly: what two readers could understand differently is none. */
export interface AnswerHead {
  readonly version: '1.0' | '1.1'
  /** 100 to 999. */
  readonly status: number
  readonly reason: string
  readonly fields: RawHeaders
  readonly contentType: string | undefined
  /** In lower case, all Connection fields as one list. */
  readonly connection: string
  readonly keepAlive: string | undefined
  readonly framing: Framing
}

/** How the end of a body is told, apart from the answers that have none whatever their head says. */
export type Framing = { readonly kind: 'length'; readonly length: number } | { readonly kind: 'chunked' } | { readonly kind: 'close' }

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([^\r\n]*))?$/
const token = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/

/** Undefined for text that is not strictly a head. `text` is what a `BlockReader` gave. */
export function parseAnswerHead(text: string): AnswerHead | undefined {
  const lineEnd = text.indexOf('\r\n')
  const line = statusLine.exec(text.slice(0, lineEnd))
  const fields = parseFields(text, lineEnd + 2)
  if (line === null || fields === undefined) return undefined
  const [, minor, status, reason = ''] = line
  return understand({ version: minor === '0' ? '1.0' : '1.1', status: Number(status), reason, fields })
}

/** The header lines of `text` from `from` on, as name, value, name, value. Undefined when one of them is no header line. */
export function parseFields(text: string, from: number): string[] | undefined {
  const fields: string[] = []
  for (let at = from; at < text.length; ) {
    const end = text.indexOf('\r\n', at)
    const colon = text.indexOf(':', at)
    if (colon === -1 || colon > end) return undefined
    const name = text.slice(at, colon)
    if (!token.test(name)) return undefined
    fields.push(name, trimmed(text, colon + 1, end))
    at = end + 2
  }
  return fields
}

/** Without spaces and tabs at both ends; `String.trim` would take more than these away. */
function trimmed(text: string, from: number, to: number): string {
  let [start, end] = [from, to]
  while (start < end && isBlank(text.charCodeAt(start))) start += 1
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

/** One look at each field for all that the edge itself goes by. */
function understand(head: Pick<AnswerHead, 'version' | 'status' | 'reason' | 'fields'>): AnswerHead | undefined {
  let contentType: string | undefined
  let keepAlive: string | undefined
  let connection = ''
  let length: string | undefined
  let coding: string | undefined
  const { fields } = head
  for (let index = 0; index < fields.length; index += 2) {
    const value = fields[index + 1] ?? ''
    switch (fields[index]?.toLowerCase()) {
      case 'content-type': contentType ??= value; break
      case 'keep-alive': keepAlive ??= value; break
      case 'connection': connection = connection === '' ? value.toLowerCase() : `${connection},${value.toLowerCase()}`; break
      // Neither may come twice, not even with the same value.
      case 'content-length': if (length !== undefined) return undefined; length = value; break
      case 'transfer-encoding': if (coding !== undefined) return undefined; coding = value; break
    }
  }
  const framing = framingOf(head.version, length, coding)
  return framing && { version: head.version, status: head.status, reason: head.reason, fields, contentType, keepAlive, connection, framing }
}

function framingOf(version: AnswerHead['version'], length: string | undefined, coding: string | undefined): Framing | undefined {
  if (coding !== undefined) return coding.toLowerCase() === 'chunked' && length === undefined && version === '1.1' ? chunked : undefined
  if (length === undefined) return untilClose
  return /^\d{1,15}$/.test(length) ? { kind: 'length', length: Number(length) } : undefined
}

const chunked: Framing = { kind: 'chunked' }
const untilClose: Framing = { kind: 'close' }
