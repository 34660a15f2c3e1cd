import { connect } from 'node:net'
import { PlimsollError } from '@plimsoll/model'
import { complaintsIn } from './runtime-commands.ts'

/** How long HAProxy may take to answer; it answers within milliseconds or not at all. */
const limitMs = 5_000
/** HAProxy reads a line of commands into one buffer. */
const longestLine = 8_000

/** Asks HAProxy's runtime socket one thing. Throws `EDGE_DOWN` when it does not answer. */
export async function askRuntime(control: string, line: string, signal?: AbortSignal): Promise<string> {
  const limit = AbortSignal.timeout(limitMs)
  const socket = connect({ path: control, signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) })
  try {
    socket.end(`${line}\n`)
    let answer = ''
    for await (const chunk of socket.setEncoding('utf8')) answer += String(chunk)
    return answer
  } catch (error) {
    signal?.throwIfAborted()
    throw new PlimsollError('EDGE_DOWN', `HAProxy did not answer on ${control}.`, { hint: 'It is started again by itself. Ask again.', cause: error })
  } finally {
    socket.destroy()
  }
}

/** Has HAProxy do all of `commands`, in their order. Throws `EDGE_DOWN` with its own words when it does not do one of them. */
export async function runCommands(control: string, commands: readonly string[]): Promise<void> {
  for (const line of linesOf(commands)) {
    const complaints = complaintsIn(await askRuntime(control, line))
    if (complaints.length > 0) throw new PlimsollError('EDGE_DOWN', `HAProxy did not do what it was told: ${complaints.join(' ')}`, { details: { commands: line } })
  }
}

function linesOf(commands: readonly string[]): string[] {
  const lines: string[] = []
  for (const command of commands) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + command.length < longestLine) lines[lines.length - 1] = `${last}; ${command}`
    else lines.push(command)
  }
  return lines
}
