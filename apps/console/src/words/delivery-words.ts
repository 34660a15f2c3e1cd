import type { Delivery } from '@plimsoll/model'
import type { Tone } from './tone.ts'

/** The one table of words for what became of a message. */
export const deliveryWords: Readonly<Record<Delivery['is'], { readonly label: string; readonly means: string; readonly tone: Tone }>> = {
  waiting: { label: 'Waiting', means: 'It has not arrived yet, and is tried again.', tone: 'busy' },
  delivered: { label: 'Delivered', means: 'The receiver said that it has it.', tone: 'good' },
  undelivered: { label: 'Not delivered', means: 'The receiver refused it, or could not be reached for a day.', tone: 'bad' },
  unsent: { label: 'Not sent', means: 'There was nothing that the receiver could have been told, or the channel was switched off.', tone: 'quiet' },
}
