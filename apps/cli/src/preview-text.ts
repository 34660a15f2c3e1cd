import type { InPlacePreview } from '@plimsoll/model'
import type { Painter } from './screen/painter.ts'
import { plainText } from './screen/printed-line.ts'

/** What a release would do, a line for each change and each request. */
export function previewText({ cannot, changes, left, requests }: InPlacePreview, paint: Painter): string {
  const lines = [
    ...cannot.map((text) => `  ${paint('yellow', '!')} ${text}`),
    ...changes.map((text) => `  ${paint('cyan', '~')} it ${plainText(text)}`),
    ...left.map((text) => `  ${paint('yellow', '!')} ${plainText(text)}`),
    ...requests.map(({ method, path, body }) => `  ${paint('bold', method)} ${plainText(path)}${body === undefined ? '' : ` ${paint('dim', plainText(JSON.stringify(body)))}`}`),
  ]
  const end = requests.length === 0 ? 'Nothing would be sent: all is as it is wanted.' : 'Nothing was sent. What refers to something that is made first is set once that is there.'
  return `${[...lines, paint('dim', end)].join('\n')}\n`
}
