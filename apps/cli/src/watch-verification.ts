import type { Verification, VerificationEvent } from '@plimsoll/model'
import { fit } from './screen/fit.ts'
import { createLiveLine } from './screen/live-line.ts'
import { createPainter } from './screen/painter.ts'
import { printedLine } from './screen/printed-line.ts'
import type { Session } from './session.ts'
import { verificationText } from './verification-text.ts'

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Shows a verification as it goes, and what came of it. Gives its record; undefined when it was cut off before its end. */
export async function watchVerification({ out }: Session, events: AsyncIterable<VerificationEvent>, { json, verbose }: { readonly json: boolean; readonly verbose: boolean }): Promise<Verification | undefined> {
  const paint = createPainter(out)
  const live = createLiveLine(out)
  const asking = new Map<string, string>()
  let phase = ''
  let end: Verification | undefined
  let note = ''
  let asked = 0
  let frame = 0
  const draw = (): void => {
    const now = asking.size === 0 ? `${phase} ${paint('dim', note)}` : `${asked} answered; asking ${[...asking.values()].join(', ')}`
    live.show(fit(`${frames[frame++ % frames.length] ?? ''} ${now}`, out.columns))
  }
  const timer = json ? undefined : setInterval(draw, 100)
  try {
    for await (const event of events) {
      if (json) out.write(`${JSON.stringify(event)}\n`)
      else if (event.event === 'line' && verbose) live.print(fit(`${paint('dim', `  ${event.data.service} │`)} ${printedLine(event.data.text, paint)}`, out.columns))
      if (event.event === 'phase') phase = event.data.title
      if (event.event === 'line') note = `${event.data.service}: ${printedLine(event.data.text, (_style, text) => text).trim()}`
      if (event.event === 'asking') asking.set(event.data.id, event.data.id)
      if (event.event === 'asked') asked += asking.delete(event.data.id) ? 1 : 0
      if (event.event === 'end') end = event.data
    }
  } finally {
    clearInterval(timer)
    live.show(undefined)
  }
  if (end !== undefined && !json) out.write(verificationText(end, paint, out.columns))
  return end
}
