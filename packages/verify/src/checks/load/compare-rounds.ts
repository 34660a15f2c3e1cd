import { quantile } from './quantile.ts'

/** Milliseconds of the good answers of both sides in one round, right after each other. */
export interface Round {
  readonly candidate: readonly number[]
  readonly live: readonly number[]
}

export interface Comparison {
  /** `much slower` holds a release up; `unsure`: rounds contradict each other, as on a machine that does other things too. */
  readonly is: 'alike' | 'slower' | 'much slower' | 'unsure'
  /** Of the 95th percentiles, the middle one of all rounds. */
  readonly ratio: number
  readonly candidateMs: number
  readonly liveMs: number
}

/** Fewer answers have no 95th percentile to speak of, and fewer rounds cannot agree. */
const fewestAnswers = 8
const fewestRounds = 3
/** Below it a difference is of the machine. */
const leastMs = 3

interface Rule {
  /** Of the middle round. */
  readonly ratio: number
  /** Of every round. */
  readonly each: number
}
const much: Rule = { ratio: 1.6, each: 1.35 }
const some: Rule = { ratio: 1.3, each: 1.15 }

/** Holds two versions against each other that were asked in turns. Undefined where there is too little to say anything. */
export function compareRounds(rounds: readonly Round[]): Comparison | undefined {
  const told = rounds.filter(({ candidate, live }) => Math.min(candidate.length, live.length) >= fewestAnswers).map(({ candidate, live }) => {
    const [candidateMs, liveMs] = [quantile(candidate, 0.95), quantile(live, 0.95)]
    return { candidateMs, liveMs, ratio: candidateMs / Math.max(liveMs, 0.1), candidateMiddle: quantile(candidate, 0.5), liveMiddle: quantile(live, 0.5) }
  })
  if (told.length < fewestRounds) return undefined
  const middleOf = (values: readonly number[]): number => quantile(values, 0.5)
  const ratio = middleOf(told.map((each) => each.ratio))
  const [candidateMs, liveMs] = [middleOf(told.map((each) => each.candidateMs)), middleOf(told.map((each) => each.liveMs))]
  // The best that it did lies above the worst of the other: chance sorts two times four so once in seventy times, and seldom so far from each other.
  const isApart = Math.min(...told.map((each) => each.candidateMiddle)) > Math.max(...told.map((each) => each.liveMiddle))
  const keeps = (rule: Rule): boolean => isApart && ratio >= rule.ratio && candidateMs - liveMs >= leastMs && told.every((each) => each.ratio >= rule.each)
  const isAbove = ratio >= much.ratio && candidateMs - liveMs >= leastMs
  return { is: keeps(much) ? 'much slower' : keeps(some) ? 'slower' : isAbove ? 'unsure' : 'alike', ratio, candidateMs, liveMs }
}
