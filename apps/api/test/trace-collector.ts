import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span as it came over the wire. */
export interface CollectedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly name: string
  readonly kind: number
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Readonly<Record<string, unknown>>
  readonly events: readonly string[]
  readonly failed: string | undefined
  readonly service: unknown
}

export interface TraceCollector {
  readonly url: string
  readonly spans: readonly CollectedSpan[]
  /** Resolves as soon as `wanted` holds of what has come. */
  until(wanted: (spans: readonly CollectedSpan[]) => boolean): Promise<readonly CollectedSpan[]>
  close(): Promise<void>
}

/** Takes traces by OTLP over HTTP, as a collector does. `answer` in place of its own makes one that fails. */
export async function startTraceCollector(answer?: (request: IncomingMessage, response: ServerResponse) => void): Promise<TraceCollector> {
  const spans: CollectedSpan[] = []
  const waiting = new Set<() => void>()
  const server = createServer((request, response) => {
    if (answer !== undefined) return answer(request, response)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      spans.push(...spansIn(Buffer.concat(chunks)))
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
      for (const look of waiting) look()
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`, spans,
    until: (wanted) => new Promise((resolve) => {
      const look = (): void => {
        if (!wanted(spans)) return
        waiting.delete(look)
        resolve(spans)
      }
      waiting.add(look)
      look()
    }),
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}

/** The fields of one message of Protocol Buffers, by number: bytes, or a number. */
type Fields = ReadonlyMap<number, readonly (Buffer | bigint)[]>

function fieldsIn(message: Buffer): Fields {
  const fields = new Map<number, (Buffer | bigint)[]>()
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++)
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }
  const read = (wire: number): Buffer | bigint => {
    if (wire === 0) return varint()
    if (wire === 1) return message.readBigUInt64LE((at += 8) - 8)
    if (wire === 5) return BigInt(message.readUInt32LE((at += 4) - 4))
    const length = Number(varint())
    return message.subarray(at, (at += length))
  }
  while (at < message.length) {
    const tag = Number(varint())
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), read(tag & 7)])
  }
  return fields
}

const messages = (fields: Fields, number: number): Fields[] => (fields.get(number) ?? []).map((each) => fieldsIn(each as Buffer))
const text = (fields: Fields, number: number): string => String(fields.get(number)?.[0] ?? '')
const hex = (fields: Fields, number: number): string => (fields.get(number)?.[0] as Buffer | undefined)?.toString('hex') ?? ''
const ms = (fields: Fields, number: number): number => Number((fields.get(number)?.[0] as bigint) / 1_000_000n)

/** Those of an ExportTraceServiceRequest. */
function spansIn(body: Buffer): CollectedSpan[] {
  return messages(fieldsIn(body), 1).flatMap((resource) => {
    const [about] = messages(resource, 1)
    const service = about && attributesIn(messages(about, 1))['service.name']
    return messages(resource, 2).flatMap((scope) => messages(scope, 2)).map((span): CollectedSpan => {
      const [status] = messages(span, 15)
      return {
        traceId: hex(span, 1), spanId: hex(span, 2), parentSpanId: hex(span, 4), name: text(span, 5), kind: Number(span.get(6)?.[0] ?? 0), startMs: ms(span, 7), endMs: ms(span, 8),
        attributes: attributesIn(messages(span, 9)), events: messages(span, 11).map((event) => text(event, 2)), failed: status?.get(3)?.[0] === 2n ? text(status, 2) : undefined, service,
      }
    })
  })
}

function attributesIn(pairs: readonly Fields[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map((pair) => {
    const [[kind, [value]] = [0, [0n]]] = [...(messages(pair, 2)[0] ?? [])] as [number, (Buffer | bigint)[]][]
    return [text(pair, 1), kind === 1 ? String(value) : kind === 2 ? value === 1n : kind === 4 ? Buffer.from(new BigUint64Array([value as bigint]).buffer).readDoubleLE() : Number(value)]
  }))
}
