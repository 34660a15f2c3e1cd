import { isWatching, type AppView, type Release } from '@plimsoll/model'
import { wallNow } from '../load/load-record.ts'
import { pause } from '../load/pause.ts'
import { startVisitors } from '../load/start-visitors.ts'
import type { CommandEnd, RunningCommand } from '../plimsoll/plimsoll-home.ts'
import { isFirst, maySpill, works, type CrashCase, type CrashResult, type Victim, type Way } from './crash-case.ts'
import type { CrashWorld } from './crash-world.ts'
import { faultsAtRest } from './faults-at-rest.ts'
import { faultsOfVisits } from './faults-of-visits.ts'
import { apiOf } from './home-processes.ts'
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
  const before = isFirst(one) ? nothingYet : { view: await world.view(), last: (await world.releases())[0]?.number ?? 0, pid: await world.apiPid() }
  const visitors = withVisitors.includes(one.way) ? startVisitors((await world.target()).web, visitorCount, visitorPauseMs) : undefined
  const wrong: string[] = []
  try {
    if (works[one.way].mood !== undefined) await world.change(works[one.way].mood ?? 'good')
    const { command, pid, struck, goneAt } = await hit(world, one, { before, wrong })
    wrong.push(...(await putRight(world, one, { number: before.last + 1, struck })))
    command.kill('SIGKILL')
    const end = await command.ended
    if (one.victim === 'stopped api' && pid !== undefined && (await isThere(pid))) wrong.push('the API that stood still is there beside the one that took over')
    const found = (await world.releases()).find(({ number }) => number === before.last + 1)
    const outcome = struck || one.victim === 'nobody' ? await outcomeOf(world, found, { ...before, way: one.way }) : 'was over before'
    wrong.push(...faultsInEnd(one, { outcome, struck, end }))
    const visits = (await visitors?.finish()) ?? []
    wrong.push(...faultsOfVisits(visits, { before: before.view?.live?.number ?? 0, isBack: outcome !== 'completed', maySpill: maySpill(one) }), ...(await faultsAtRest(world, rest, { isCutOff: outcome === 'cut off' })))
    if (outcome === 'cut off' || outcome === 'rolled-back') wrong.push(...(await warmAgain(world)))
    return { case: one, outcome, problem: problemOf(found), wrong, untruths: untruths(end, found), from, goneAt, to: wallNow() }
  } finally {
    await visitors?.finish()
  }
}

/** What visitors meet is of interest where some of them meet another release than the rest. */
const withVisitors: readonly Way[] = ['canary', 'breach']
const visitorCount = 6
const visitorPauseMs = 150

/** How the app stood when it began. */
interface Before {
  /** Undefined where there is no app yet. */
  readonly view: AppView | undefined
  /** Number of its last release. */
  readonly last: number
  /** Of the API, where one runs. */
  readonly pid: number | undefined
}
const nothingYet: Before = { view: undefined, last: 0, pid: undefined }

/** Types the command, and hits the victim at the point; `wrong` is told when it is never passed. Returns when the command has ended, or cannot go on. */
async function hit(world: CrashWorld, one: CrashCase, { before, wrong }: { readonly before: Before; readonly wrong: string[] }): Promise<{ command: RunningCommand; pid: number | undefined; struck: boolean; goneAt: number | undefined }> {
  const isHit = one.victim !== 'nobody'
  if (isHit) await world.faults.arm({ signal: one.victim === 'api' ? 'SIGKILL' : 'SIGSTOP', point: one.point, pass: one.pass, afterMs: one.afterMs * paceOf(world, one) })
  const command = world.start(...works[one.way].command, ...(one.way === 'cutOff' ? [String(before.view?.previous[0])] : []))
  const struck = isHit && (await world.faults.struck(command.ended))
  const pid = before.pid ?? (await apiOf(world.home))
  const goneAt = struck ? await strike(world, { victim: one.victim, pid, command, before: before.view, candidate: before.last + 1 }) : undefined
  // What is over sooner than the fault strikes is told as such; a point that nothing passes is a mistake in the table.
  if (isHit && !struck && !one.point.endsWith(' during')) wrong.push(`the point was never passed: ${wordsOf(await command.ended)}`)
  world.faults.disarm()
  if (!isHit) await command.ended
  return { command, pid, struck, goneAt }
}

/** What the place does takes longer in some than in others; the edge is the same everywhere. */
function paceOf({ place }: CrashWorld, { point }: CrashCase): number {
  return /^(?:driver|resources)\./.test(point) ? place.pace : 1
}

/** Types `up`, and with it the good version that is to be live at the end. What is watched is watched to its end first. */
async function putRight(world: CrashWorld, { way, victim }: CrashCase, { number, struck }: { readonly number: number; readonly struck: boolean }): Promise<string[]> {
  const { mood } = works[way]
  const wrong: string[] = []
  if (way === 'watched') {
    // Who is gone is started again: the watch goes on from there.
    if (struck && away.includes(victim)) wrong.push(...(await up(world)))
    wrong.push(...(await watchedToItsEnd(world, number)))
  }
  if (mood !== undefined && mood !== 'good') await world.change('good')
  return [...wrong, ...(await up(world))]
}

/** After a cut-off, or with nothing warm but what did worse, there is nothing to go back to, which later cases need. */
async function warmAgain(world: CrashWorld): Promise<string[]> {
  await world.change('good')
  return up(world)
}

const away: readonly Victim[] = ['api', 'machine', 'stopped api']

async function up(world: CrashWorld): Promise<string[]> {
  const end = await world.run('up')
  if (end.code === 0) return []
  // What one attempt more makes of it is judged as all else is: a world that cannot go on would tell nothing of the cases to come.
  await world.run('up')
  return [`up ended with ${wordsOf(end)}`]
}

const watchMs = 60_000

async function watchedToItsEnd(world: CrashWorld, number: number): Promise<string[]> {
  for (const until = Date.now() + watchMs; Date.now() < until; await pause(200)) {
    if (!isWatching((await world.detail(number)).release.watch)) return []
  }
  return [`release ${number} was still watched after ${watchMs / 1000} s`]
}

/** Where the end of the release, or of its command, is not one of those that there may be. */
function faultsInEnd(one: CrashCase, { outcome, struck, end }: { readonly outcome: string; readonly struck: boolean; readonly end: CommandEnd }): string[] {
  const isHit = one.victim !== 'nobody'
  const { problem } = works[one.way]
  return [
    ...((struck || !isHit) && !expected(one).includes(outcome) ? [`the release that was hit ended as "${outcome}"`] : []),
    ...(!isHit && problem !== undefined && end.problem?.code !== problem ? [`it failed with ${wordsOf(end)} in place of ${problem}`] : []),
  ]
}

function wordsOf({ code, problem, out, err }: CommandEnd): string {
  return `${code} ${problem === undefined ? out.slice(-300) + err.slice(-300) : `${problem.code} ${problem.message}`}`
}

/** `never began` when what has that number is what `up` released. */
async function outcomeOf(world: CrashWorld, hit: Release | undefined, { view, way }: Before & Pick<CrashCase, 'way'>): Promise<string> {
  if (way === 'cutOff') return (await world.view()).cutOff === view?.previous[0] ? 'cut off' : 'never began'
  if (hit?.outcome === undefined) return hit === undefined ? 'never began' : 'without an end'
  return hit.kind === 'release' && hit.source.commit === (await world.head()) && hit.outcome.is === 'unchanged' ? 'never began' : hit.outcome.is
}

function problemOf(hit: Release | undefined): string | undefined {
  return hit?.outcome !== undefined && 'problem' in hit.outcome ? `${hit.outcome.problem.code} ${hit.outcome.problem.message}` : undefined
}

function expected({ way, victim }: CrashCase): readonly string[] {
  const fails = works[way].problem !== undefined
  if (way === 'cutOff') return ['cut off', 'never began']
  // By then it is live, and only its watch takes it back.
  if (way === 'watched') return ['rolled-back']
  if (victim === 'nobody') return [fails ? 'undone' : 'completed']
  // A machine that goes down takes the candidate with it, and one that has ended before it was healthy is not trusted; a switch
  // that finds no edge has failed; and where there is no room, or no engine, what was done is taken back.
  if (['full disk', 'candidate instance', 'interrupt', 'machine', 'engine', 'engine with live-restore', 'edge', 'edge and heir'].includes(victim)) return ['completed', 'undone', 'never began']
  return fails ? ['undone', 'never began', 'completed'] : ['completed', 'never began']
}
