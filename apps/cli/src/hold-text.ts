import type { AppView } from '@plimsoll/model'
import { agoText } from './screen/durations.ts'
import type { Painter } from './screen/painter.ts'

/** What keeps the app's requests from being served, and how to end it; empty when nothing does. */
export function holdLines({ name, holds: { maintenance, pause } }: Pick<AppView, 'name' | 'holds'>, paint: Painter): string[] {
  return [
    ...(maintenance === undefined ? [] : [`${paint('yellow', `Under maintenance, begun ${agoText(maintenance.since, Date.now())}: requests get a page`)}. End it: plimsoll maintenance off --app ${name}`]),
    ...(pause === undefined ? [] : [`${paint('yellow', `Requests wait until ${clockText(pause.until)}`)}${pause.atEnd === 'serve' ? '' : ', for a release'}. End it: plimsoll resume --app ${name}`]),
  ]
}

/** `13:05:30`, in the time of this machine. */
function clockText(at: string): string {
  return new Date(at).toLocaleTimeString('en-GB')
}
