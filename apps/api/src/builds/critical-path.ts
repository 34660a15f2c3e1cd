import type { Artifact } from '@plimsoll/model'

/** A turn is taken this soon after another build has let go of it, on a machine that is busy. */
const soonMs = 1_000

/**
 * Which builds of one step followed each other without a pause up to its end: the last one, the one whose turn it took, and so on. All of them began
 * to wait together, so that how long each waited and took says when it ran. In the order in which they ran; empty where nothing was built anew.
 */
export function criticalPath(artifacts: readonly Artifact[]): Artifact['service'][] {
  const runs = artifacts.filter(({ fresh }) => fresh).map(({ service, waitedMs = 0, buildMs }) => ({ service, from: waitedMs, to: buildMs }))
  const path: typeof runs = []
  for (let last = latest(runs); last !== undefined;) {
    path.unshift(last)
    const { from } = last
    last = from < soonMs ? undefined : latest(runs.filter((each) => !path.includes(each) && each.to <= from && from - each.to < soonMs))
  }
  return path.map(({ service }) => service)
}

function latest<Run extends { readonly to: number }>(runs: readonly Run[]): Run | undefined {
  return runs.toSorted((one, other) => other.to - one.to)[0]
}
