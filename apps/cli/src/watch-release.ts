import type { Client } from '@plimsoll/client'
import { contract, type Release, type ReleaseEvent } from '@plimsoll/model'
import { fit } from './screen/fit.ts'
import { createLiveLine } from './screen/live-line.ts'
import { createPainter } from './screen/painter.ts'
import { printedLine } from './screen/printed-line.ts'
import { StepLines } from './screen/step-lines.ts'
import type { Session } from './session.ts'

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

export interface WatchOptions {
  /** Prints every line that a build or a command prints, and not only what is to be read in any case. */
  readonly verbose: boolean
  /** One JSON value a line, instead of text. */
  readonly json: boolean
}

/** Shows a release from its beginning to its end, and returns it settled. Ctrl-C asks the API to stop and undo it, and goes on watching until that is done. */
export async function watchToEnd({ client, session, release }: { readonly client: Client; readonly session: Session; readonly release: Release }, options: WatchOptions): Promise<Release> {
  const params = { app: release.app, release: release.number }
  const view = options.json ? jsonView(session) : textView(session, release, options)
  const stop = (): void => {
    view.stopping()
    session.partWith(`Plimsoll goes on with this in the background. See how it ends: plimsoll status --app ${release.app} --release ${release.number}`)
    // It may have ended in this very moment; then there is nothing to stop.
    client.call(contract.interrupt, { params }).catch(() => undefined)
  }
  session.interrupted.addEventListener('abort', stop, { once: true })
  if (session.interrupted.aborted) stop()
  try {
    for await (const event of client.stream(contract.watchRelease, { params })) {
      view.take(event)
      if (event.event === 'end') return event.data
    }
    return await client.call(contract.showRelease, { params }).then((detail) => detail.release)
  } finally {
    session.interrupted.removeEventListener('abort', stop)
    view.close()
  }
}

interface View {
  take(event: ReleaseEvent): void
  /** The person wants it stopped. */
  stopping(): void
  close(): void
}

function jsonView({ out }: Session): View {
  return {
    take: (event) => void out.write(`${JSON.stringify(event)}\n`),
    stopping: () => undefined,
    close: () => undefined,
  }
}

function textView({ out }: Session, release: Release, { verbose }: WatchOptions): View {
  const paint = createPainter(out)
  const lines = new StepLines(release.steps, paint, out.columns)
  const live = createLiveLine(out)
  let note = ''
  let frame = 0
  const draw = (): void => live.show(lines.running(Date.now(), note, frames[frame++ % frames.length] ?? ''))
  const timer = setInterval(draw, 100)
  return {
    take(event) {
      if (event.event === 'entry') {
        const settled = lines.take(event.data)
        if (settled !== undefined) live.print(settled.text)
        note = ''
      }
      if (event.event === 'line') {
        const { service, text } = event.data
        note = `${service}: ${printedLine(text, plain).trim()}`
        if (verbose || event.data.notice) live.print(fit(`${paint('dim', `  ${service} │`)} ${printedLine(text, paint)}`, out.columns))
      }
      draw()
    },
    stopping() {
      const words = lines.isPastReturn ? 'Too late to stop: the release is not taken back any more, and ends by itself.' : 'Stopping: taking back what was done. Ctrl-C again leaves that to Plimsoll, in the background.'
      live.print(paint('yellow', fit(words, out.columns)))
    },
    close() {
      clearInterval(timer)
      live.show(undefined)
    },
  }
}

function plain(_style: unknown, text: string): string {
  return text
}
