import { LineCutter } from '../process/log-lines.ts'

/** One line that a container printed. */
export interface PrintedLine {
  /** When, to the nanosecond: `2026-01-31T09:00:00.000000000Z`. As texts these are in order. */
  readonly at: string
  readonly text: string
}

const headLength = 8

/**
 * Takes apart what the engine sends of a log with its times: frames of eight bytes (which of the two outputs, how much) and one
 * write each, the time before it. A long line comes in several writes, and only the last one ends in a newline.
 */
export async function* printedLines(log: AsyncIterable<Buffer>): AsyncGenerator<PrintedLine> {
  const outputs = new Map<number, Output>()
  for await (const { output: number, bytes } of frames(log)) {
    const output = outputs.get(number) ?? { cutter: new LineCutter(), at: undefined }
    outputs.set(number, output)
    yield* lines(output, bytes)
  }
  for (const { cutter, at = '' } of outputs.values()) {
    const text = cutter.end()
    if (text !== undefined) yield { at, text }
  }
}

interface Output {
  readonly cutter: LineCutter
  /** When the line began that is not whole yet. */
  at: string | undefined
}

function* lines(output: Output, bytes: Buffer): Generator<PrintedLine> {
  const space = bytes.indexOf(' ')
  output.at ??= bytes.subarray(0, space).toString('latin1')
  const at = output.at
  for (const text of output.cutter.push(bytes.subarray(space + 1))) yield { at, text }
  if (bytes.at(-1) === 10) output.at = undefined
}

async function* frames(log: AsyncIterable<Buffer>): AsyncGenerator<{ readonly output: number; readonly bytes: Buffer }> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of log) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= headLength && rest.length >= headLength + rest.readUInt32BE(4)) {
      const end = headLength + rest.readUInt32BE(4)
      yield { output: rest.readUInt8(0), bytes: rest.subarray(headLength, end) }
      rest = rest.subarray(end)
    }
  }
}

/** All that a command printed, of an answer that has come whole. */
export function outputOf(answer: Buffer): string {
  const parts: Buffer[] = []
  for (let at = 0; at + headLength <= answer.length; at += headLength + answer.readUInt32BE(at + 4)) {
    parts.push(answer.subarray(at + headLength, at + headLength + answer.readUInt32BE(at + 4)))
  }
  return Buffer.concat(parts).toString('utf8')
}
