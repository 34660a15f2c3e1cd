import type { CrashCase, CrashResult } from './crash-case.ts'
import type { CrashWorld } from './crash-world.ts'
import { restOf } from './faults-at-rest.ts'
import { runCase, type Rest } from './run-case.ts'
import { unloaded, type JudgedCase } from './run-matrix.ts'

/** Does cases of an app's first release, each in a world of its own, which `create` makes; there is no load, for there is nobody yet who could serve it. `signal` ends it after the one that goes on. */
// oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
export async function runFirsts(create: () => Promise<CrashWorld>, cases: readonly CrashCase[], told: (result: CrashResult) => void, signal?: AbortSignal): Promise<JudgedCase[]> {
  const judged: JudgedCase[] = []
  let rest: Rest | undefined
  for (const one of cases) {
    if (signal?.aborted === true) break
    rest ??= await restOfFirst(await create())
    const result = await runFirst(await create(), one, rest)
    judged.push(unloaded(result))
    told(result)
  }
  return judged
}

/** How a home is in which a first release has gone well. */
async function restOfFirst(world: CrashWorld): Promise<Rest> {
  try {
    const { code, out, err } = await world.run('up')
    if (code !== 0) throw new Error(`up ended with ${code}: ${out.slice(-1000)}${err}`)
    return await restOf(world)
  } finally {
    await world.leave()
  }
}

async function runFirst(world: CrashWorld, one: CrashCase, rest: Rest): Promise<CrashResult> {
  const result = await runCase(world, one, rest).catch(async (error: unknown) => {
    await world.leave()
    throw error
  })
  return { ...result, wrong: [...result.wrong, ...(await world.leave()).map((command) => `left behind at the end: ${command}`)] }
}
