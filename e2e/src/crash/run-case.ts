import type { Release } from '@plimsoll/model'
import { wallNow } from '../load/load-record.ts'
import type { CommandEnd } from '../plimsoll/plimsoll-home.ts'
import { works, type CrashCase, type CrashResult } from './crash-case.ts'
import type { CrashWorld } from './crash-world.ts'
import { faultsAtRest } from './faults-at-rest.ts'
import type { HomeShape } from './home-shape.ts'
import { isThere } from './process-state.ts'
import { strike } from './strike.ts'
import { untruths } from './untruths.ts'

/** What a world without faults looks like at rest. */
export interface Rest {
  readonly shape: HomeShape
  readonly listens: number
  /** What runs that is no part of the app: nothing, unless an earlier case has left it. */
  readonly strangers: readonly string[]
}

/** Does one case in a world that is at rest, lets `up` put it right, and tells what is wrong then. Leaves the world at rest, with a good release live. */
export async function runCase(world: CrashWorld, one: CrashCase, rest: Rest): Promise<CrashResult> {
  const from = wallNow()
  const last = (await world.releases())[0]?.number ?? 0
  const before = await world.view()
  const { mood, command: typed, problem } = works[one.way]
  if (mood !== undefined) await world.change(mood)
  const isHit = one.victim !== 'nobody'
  if (isHit) await world.faults.arm({ signal: one.victim === 'api' ? 'SIGKILL' : 'SIGSTOP', point: one.point, pass: one.pass, afterMs: one.afterMs })
  const pid = await world.apiPid()
  const command = world.start(...typed)
  const wrong: string[] = []
  const struck = isHit && (await world.faults.struck(command.ended))
  if (struck) await strike(world, { victim: one.victim, pid, command, before, candidate: last + 1 })
  // What is over sooner than the fault strikes is told as such; a point that nothing passes is a mistake in the table.
  else if (isHit && !one.point.endsWith(' during')) wrong.push(`the point was never passed: ${wordsOf(await command.ended)}`)
  world.faults.disarm()
  if (!isHit) await command.ended
  if (mood !== undefined && mood !== 'good') await world.change('good')
  const up = await world.run('up')
  if (up.code !== 0) {
    wrong.push(`up ended with ${wordsOf(up)}`)
    // What one attempt more makes of it is judged below: a world that cannot go on would tell nothing of the cases to come.
    await world.run('up')
  }
  command.kill('SIGKILL')
  const end = await command.ended
  if (one.victim === 'stopped api' && (await isThere(pid))) wrong.push('the API that stood still is there beside the one that took over')
  const releases = await world.releases()
  const hit = releases.find(({ number }) => number === last + 1)
  const ended = outcomeOf(hit, await world.head())
  const outcome = struck || !isHit ? ended : 'was over before'
  if (outcome === ended && !expected(one).includes(outcome)) wrong.push(`the release that was hit ended as "${outcome}"`)
  if (!isHit && problem !== undefined && end.problem?.code !== problem) wrong.push(`it failed with ${wordsOf(end)} in place of ${problem}`)
  wrong.push(...(await faultsAtRest(world, rest)))
  return { case: one, outcome, problem: problemOf(hit), wrong, untruths: untruths(end, hit), from, to: wallNow() }
}

function wordsOf({ code, problem, out, err }: CommandEnd): string {
  return `${code} ${problem === undefined ? out.slice(-300) + err.slice(-300) : `${problem.code} ${problem.message}`}`
}

/** `never began` when what has that number is what `up` released. */
function outcomeOf(hit: Release | undefined, head: string): string {
  if (hit?.outcome === undefined) return hit === undefined ? 'never began' : 'without an end'
  return hit.kind === 'release' && hit.source.commit === head && hit.outcome.is === 'unchanged' ? 'never began' : hit.outcome.is
}

function problemOf(hit: Release | undefined): string | undefined {
  return hit?.outcome !== undefined && 'problem' in hit.outcome ? `${hit.outcome.problem.code} ${hit.outcome.problem.message}` : undefined
}

function expected({ way, victim }: CrashCase): readonly string[] {
  const fails = works[way].problem !== undefined
  if (victim === 'nobody') return [fails ? 'undone' : 'completed']
  // A machine that goes down takes the candidate with it, and one that has ended before it was healthy is not trusted; a switch
  // that finds no edge has failed.
  if (['candidate instance', 'interrupt', 'machine', 'edge', 'edge and heir'].includes(victim)) return ['completed', 'undone', 'never began']
  return fails ? ['undone', 'never began', 'completed'] : ['completed', 'never began']
}
