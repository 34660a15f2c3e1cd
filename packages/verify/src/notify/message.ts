import { z } from 'zod'
import { oneLine, shortened } from '../report/visible-text.ts'

const lineSchema = z.object({ service: z.string().optional(), text: z.string(), hint: z.string().optional(), reproduce: z.string().optional() })
const causeSchema = z.object({ title: z.string(), lines: z.array(lineSchema), notAsked: z.number().int() })

/** One message, before it has the form of a channel. Plain data, so that it can be kept until it has arrived. */
export const messageSchema = z.object({
  /** The same at every try and in no other message: a receiver knows by it what it has had already. Letters, digits, `_` and `-`. */
  id: z.string(),
  /** What happened, for programs: `release.live`. */
  type: z.string(),
  at: z.iso.datetime(),
  /** One sentence that says all. */
  headline: z.string(),
  /** Why, the most important first; the first of them, of `causesInAll`. */
  causes: z.array(causeSchema),
  causesInAll: z.number().int(),
  /** What else to know with it. */
  also: z.string().optional(),
  link: z.object({ label: z.string(), url: z.string() }).optional(),
  /** What it is about, in a line. */
  about: z.string(),
  /** By which mails find each other: the whole is unique, what stands in one thread begins alike. */
  mail: z.object({ thread: z.string(), id: z.string() }),
  /** What a webhook is told beside type and time, in JSON. */
  data: z.record(z.string(), z.unknown()),
  /** What a commit is marked with; absent for what is about none. */
  status: z.object({ commit: z.string().optional(), dirty: z.boolean(), state: z.enum(['success', 'failure', 'error', 'pending']), was: z.enum(['verified', 'released']) }).optional(),
})
export type Message = z.infer<typeof messageSchema>
export type MessageCause = z.infer<typeof causeSchema>

/** What is found can be as long as it likes; a message is read on a phone. */
const lengths = { title: 300, text: 1000, hint: 500, reproduce: 1000 } as const

/** One cause with the first of its lines, each in one line and of a length that people read. */
export function causeWith({ title, lines, notAsked = 0 }: { readonly title: string; readonly lines: readonly z.infer<typeof lineSchema>[]; readonly notAsked?: number }): MessageCause {
  return {
    title: shortened(oneLine(title), lengths.title), notAsked,
    lines: lines.slice(0, 5).map(({ service, text, hint, reproduce }) => ({
      text: shortened(oneLine(text), lengths.text),
      ...(service !== undefined && { service: shortened(oneLine(service), lengths.title) }),
      ...(hint !== undefined && { hint: shortened(oneLine(hint), lengths.hint) }),
      ...(reproduce !== undefined && { reproduce: shortened(oneLine(reproduce), lengths.reproduce) }),
    })),
  }
}
