/** How long answers took, in milliseconds, sorted. */
export type Times = readonly number[]

export interface Asking {
  /** How many are asked at the same time. */
  readonly width: number
  readonly times: number
}

/** Asks `times` times, never more than `width` at once, after a few that are not counted. Throws what a question throws. */
export async function askOften({ width, times }: Asking, ask: (turn: number) => Promise<void>): Promise<Times> {
  for (let turn = 0; turn < width * 2; turn += 1) await ask(turn)
  const took: number[] = []
  let next = 0
  await Promise.all(Array.from({ length: width }, async () => {
    for (let turn = next++; turn < times; turn = next++) {
      const began = performance.now()
      await ask(turn)
      took.push(performance.now() - began)
    }
  }))
  return took.toSorted((one, other) => one - other)
}

export function quantile(times: Times, share: number): number {
  return times[Math.min(times.length - 1, Math.ceil(times.length * share) - 1)] ?? Number.NaN
}
