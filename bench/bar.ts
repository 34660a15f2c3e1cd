/** One line of a bench: what is measured, and what it must not miss. */
export interface Bar<Scene> {
  readonly what: string
  /** For people: `≤ 15 s`. */
  readonly bar: string
  /** Throws when it cannot be measured, which counts as missed. */
  readonly measure: (scene: Scene) => Promise<Measured>
}

export interface Measured {
  /** For people: `12.4 s`. */
  readonly measured: string
  readonly held: boolean
}

export interface BarResult extends Measured {
  readonly what: string
  readonly bar: string
}

/** Measures one after the other, in order, telling `progress` as it goes; a bar that cannot be measured is missed and does not stop the others. */
export async function measureAll<Scene>(bars: readonly Bar<Scene>[], scene: Scene, progress: (line: string) => void): Promise<BarResult[]> {
  const results: BarResult[] = []
  for (const { what, bar, measure } of bars) {
    progress(`${what} …`)
    const result = await measure(scene).catch((error: unknown): Measured => ({ measured: `not measured: ${firstLine(error)}`, held: false }))
    progress(`  ${result.measured}`)
    results.push({ what, bar, ...result })
  }
  return results
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 160) ?? ''
}
