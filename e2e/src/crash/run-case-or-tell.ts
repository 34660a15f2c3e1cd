import { wallNow } from '../load/load-record.ts'
import type { CrashCase, CrashResult } from './crash-case.ts'
import type { CrashWorld } from './crash-world.ts'
import { runCase, type Rest } from './run-case.ts'

/** A case that cannot be done is told as one that went wrong; `up` ends what is under way. Rejects when that fails too. */
export async function runCaseOrTell(world: CrashWorld, one: CrashCase, rest: Rest): Promise<CrashResult> {
  const from = wallNow()
  try {
    return await runCase(world, one, rest)
  } catch (error) {
    world.faults.disarm()
    await world.change('good')
    const { code } = await world.run('up')
    if (code !== 0) throw error
    return { case: one, outcome: 'not done', problem: undefined, wrong: [`it could not be done: ${String(error)}`], untruths: [], from, goneAt: undefined, to: wallNow() }
  }
}
