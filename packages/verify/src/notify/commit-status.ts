import { oneLine, shortened } from '../report/visible-text.ts'
import type { Message } from './message.ts'

/** GitHub takes 140 characters. */
const descriptionLength = 140

/** The body of a commit status. `context`: by which it is told from others; named after the command unless given. */
export function commitStatus({ headline, status, link }: Pick<Message, 'headline' | 'status' | 'link'>, context = status?.was === 'released' ? 'plimsoll release' : 'plimsoll verify'): string {
  return JSON.stringify({ state: status?.state, description: shortened(oneLine(headline), descriptionLength), context, ...(link !== undefined && { target_url: link.url }) })
}
