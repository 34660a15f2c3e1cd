/** Answers as a client understands the bytes that it was sent. */
export interface Answers {
  /** Of all answers that have begun, also the preliminary ones. */
  readonly statuses: readonly string[]
  /** How many of them are complete. */
  readonly complete: number
  /** Whether the last one that has begun may end with the connection only. */
  readonly endsWithConnection: boolean
  /** Whether the bytes behind the last answer are another protocol's. */
  readonly tunnel: boolean
}

/** Reads strictly. `methods` are those of the requests, GET where there is none. Anything that is no answer counts as the status `junk`. */
export function readAnswers(text: string, methods: readonly string[]): Answers {
  const statuses: string[] = []
  let [at, complete, finals] = [0, 0, 0]
  while (at < text.length) {
    const headEnd = text.indexOf('\r\n\r\n', at)
    const status = /^HTTP\/1\.[01] (\d{3})[ \r]/.exec(text.slice(at, at + 14))?.[1]
    if (status === undefined && !'HTTP/1.1 200'.startsWith(text.slice(at, at + 9))) return { statuses: [...statuses, 'junk'], complete, endsWithConnection: false, tunnel: false }
    statuses.push(status ?? '')
    if (headEnd === -1) return { statuses, complete, endsWithConnection: false, tunnel: false }
    if (status === '101') return { statuses, complete: complete + 1, endsWithConnection: false, tunnel: true }
    const preliminary = status?.startsWith('1') === true
    const end = preliminary ? headEnd + 4 : bodyEnd(text, { head: text.slice(at, headEnd + 2), from: headEnd + 4, bodiless: methods[finals] === 'HEAD' || status === '204' || status === '304' })
    if (end === 'close' || end === 'more') return { statuses, complete, endsWithConnection: end === 'close', tunnel: false }
    if (!preliminary) finals += 1
    complete += 1
    at = end
  }
  return { statuses, complete, endsWithConnection: false, tunnel: false }
}

function bodyEnd(text: string, { head, from, bodiless }: { head: string; from: number; bodiless: boolean }): number | 'close' | 'more' {
  if (bodiless) return from
  if (/^transfer-encoding: *chunked *\r$/im.test(head)) return chunkedEnd(text, from)
  const length = /^content-length: *(\d+) *\r$/im.exec(head)?.[1]
  if (length === undefined) return 'close'
  return text.length >= from + Number(length) ? from + Number(length) : 'more'
}

/** Where a chunked body that begins at `from` ends, `more` while it does not. Broken chunks never end. */
export function chunkedEnd(text: string, from: number): number | 'more' {
  let at = from
  for (;;) {
    const line = /^([0-9a-f]+)(?:;[^\r\n]*)?\r\n/i.exec(text.slice(at, at + 40_000))
    if (line === null) return 'more'
    const size = Number.parseInt(line[1] ?? '', 16)
    at += line[0].length
    if (size === 0) break
    if (text.slice(at + size, at + size + 2) !== '\r\n') return 'more'
    at += size + 2
  }
  if (text.startsWith('\r\n', at)) return at + 2
  const end = text.indexOf('\r\n\r\n', at)
  return end === -1 ? 'more' : end + 4
}
