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

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** A duration that was given to `option`, as `90s`, `5m` or `1h`; `0` is none. In milliseconds. Throws `USAGE`. */
export function durationIn(text: string, option: string): number {
  const [, count, unit] = /^(\d{1,6})(ms|s|m|h)?$/.exec(text) ?? []
  if (count !== undefined && (unit !== undefined || Number(count) === 0)) return Number(count) * (unitMs[unit ?? 's'] ?? 0)
  throw new PlimsollError('USAGE', `"${text}" is no duration for ${option}`, { hint: 'Write it as 90s, 5m or 1h; 0 is none.' })
}

/** Shares of the visitors, as `5%` or `5%,25%,50%`, each larger than the one before. Throws `USAGE`. */
export function sharesIn(text: string): number[] {
  const shares = text.split(',').map((part) => Number(/^\s*(\d{1,2}(?:\.\d{1,2})?)\s*%?\s*$/.exec(part)?.[1] ?? Number.NaN) / 100)
  if (shares.every((share, i) => share > (shares[i - 1] ?? 0) && share < 1)) return shares
  throw new PlimsollError('USAGE', `"${text}" are no shares for --canary`, { hint: 'Write one or several, each larger than the one before and below 100%: 5%,25%,50%' })
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
