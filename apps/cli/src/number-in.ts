import { PlimsollError } from '@plimsoll/model'

/** The number of a release, as `4` or `r4`. Throws `USAGE`. */
export function releaseIn(text: string): number {
  const number = wholeNumber(text.replace(/^r/, ''))
  if (number !== undefined && number > 0) return number
  throw new PlimsollError('USAGE', `"${text}" is not a release's number`, { hint: 'See them: plimsoll status' })
}

/** A count that was given to `option`: 0 or more. Throws `USAGE`. */
export function countIn(text: string, option: string): number {
  const number = wholeNumber(text)
  if (number !== undefined) return number
  throw new PlimsollError('USAGE', `"${text}" is no number for ${option}`, { hint: 'Write a whole number, 0 or more.' })
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
