import type { Tally } from '@plimsoll/model'

/** Fewer requests than this say nothing about a service. */
export const fewestRequests = 20
/** A percentile wants more of them. */
export const fewestForP95 = 100

/** Shares up to this are noise that every site has, whatever the release before had. */
const noise = 0.02
/** Above the noise, this many times the share of the release before is worse, and not chance. */
const timesWorse = 2
/** One-sided, 99 of 100: how sure it must be that the true share lies above the limit. */
const z = 2.326

/** Slower is worse only by a factor and by a time that a person notices. */
const timesSlower = 2
const noticeableMs = 250

/** What is wrong with a service: bad answers, connections that break, or slow answers. */
export type Ailment = 'errors' | 'broken' | 'slow'

/** What the numbers of one service say. `few`: nothing, for want of requests. */
export type Finding =
  | { readonly is: 'well' | 'few'; readonly text: string }
  | { readonly is: 'worse' | 'as-bad'; readonly ailment: Ailment; readonly text: string }

/**
 * Holds what users get from one service now against what they got from the release before. Each service is judged by itself,
 * so that a quiet one is not drowned by a busy one. `worse` only when the difference is no chance; `as-bad` when it is bad in
 * itself and the release before was no better. A release before that had too few requests counts as one without faults.
 */
export function compareTallies(now: Tally, before: Tally): Finding {
  if (now.requests < fewestRequests) return { is: 'few', text: `${counted(now.requests, 'request')}: too few to judge by` }
  const usual = before.requests < fewestRequests ? undefined : before
  return shareFinding('errors', now, usual) ?? shareFinding('broken', now, usual) ?? speedFinding(now, usual) ?? { is: 'well', text: wellText(now, usual) }
}

const badWords: Readonly<Record<'errors' | 'broken', string>> = { errors: 'answers were 5xx', broken: 'connections broke' }

function shareFinding(ailment: 'errors' | 'broken', now: Tally, usual: Tally | undefined): Finding | undefined {
  const least = leastShare(now[ailment], now.requests)
  if (least <= noise) return undefined
  const usualShare = usual === undefined ? 0 : usual[ailment] / usual.requests
  const is = least > usualShare * timesWorse ? 'worse' : 'as-bad'
  return { is, ailment, text: `${now[ailment]} of ${now.requests} ${badWords[ailment]} (${shareText(now[ailment] / now.requests)}; ${usual === undefined ? 'the release before had too few requests to compare with' : `before: ${shareText(usualShare)}`})` }
}

function speedFinding(now: Tally, usual: Tally | undefined): Finding | undefined {
  if (now.p95Ms === null || usual === undefined || usual.p95Ms === null || now.requests < fewestForP95 || usual.requests < fewestForP95) return undefined
  if (now.p95Ms < usual.p95Ms * timesSlower || now.p95Ms < usual.p95Ms + noticeableMs) return undefined
  return { is: 'worse', ailment: 'slow', text: `19 of 20 answers came within ${Math.round(now.p95Ms)} ms; before: ${Math.round(usual.p95Ms)} ms` }
}

function wellText(now: Tally, usual: Tally | undefined): string {
  const p95 = (tally: Tally): string => (tally.p95Ms === null ? '' : `, p95 ${Math.round(tally.p95Ms)} ms`)
  const bad = (tally: Tally): string => shareText((tally.errors + tally.broken) / tally.requests)
  return `${now.errors + now.broken} of ${now.requests} went badly${p95(now)}${usual === undefined ? '' : ` (before: ${bad(usual)}${p95(usual)})`}`
}

/** The lower bound of the share that is really behind `bad` of `all` (Wilson's interval): near zero where there is little to go by. */
function leastShare(bad: number, all: number): number {
  if (bad === 0) return 0
  const share = Math.min(bad, all) / all
  const centre = share + z ** 2 / (2 * all)
  const spread = z * Math.sqrt((share * (1 - share)) / all + z ** 2 / (4 * all ** 2))
  return (centre - spread) / (1 + z ** 2 / all)
}

/** `5 %`, `0.3 %`. */
export function shareText(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.0995 ? 1 : 0)} %`
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
