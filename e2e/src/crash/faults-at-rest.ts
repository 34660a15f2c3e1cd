import { pause } from '../load/pause.ts'
import type { CrashWorld } from './crash-world.ts'
import { differences, type HomeShape } from './home-shape.ts'
import type { Rest } from './run-case.ts'
import { listensIn, rolesIn } from './running-in.ts'
import type { Running } from './world-place.ts'

/** Longest that a cron run, or a process that was told to end, is waited for. */
const settlingMs = 20_000

/** Notes how the world is at rest, to hold later states against it. */
export async function restOf(world: CrashWorld): Promise<Rest> {
  await untilNoCron(world)
  const running = await runningIn(world)
  const wanted = await wantedRoles(world)
  return { shape: await settledShape(world), listens: listensIn(running), strangers: rolesIn(running).filter((role) => !wanted.includes(role)) }
}

/** Without what a cluster is just about to remove: it takes a moment after a service is gone, and would be missed later. What leaks stays. */
async function settledShape(world: CrashWorld): Promise<HomeShape> {
  for (const until = Date.now() + settlingMs; ; await pause(200)) {
    const shape = await shapeOf(world)
    if (Date.now() > until || ![...shape.keys()].some((kind) => kind.startsWith('container of a removed service'))) return shape
  }
}

/**
 * What is not as it would be had there been no fault: who is live, what runs, what listens, what lies in the home, what the app's
 * programs saw. `isCutOff`: the release before was warm in `rest`, and is not any more; nothing of its units may be left.
 */
export async function faultsAtRest(world: CrashWorld, rest: Rest, { isCutOff } = { isCutOff: false }): Promise<string[]> {
  const until = Date.now() + settlingMs
  for (;;) {
    // While one runs nothing can be told of what else does, and the minute does not wait for the settling to end.
    await untilNoCron(world)
    const wrong = [...(await faultsInState(world)), ...(await faultsInPlace(world, isCutOff ? await withoutPrevious(world, rest) : rest)), ...faultsInNotes(world.notes())]
    if (wrong.length === 0 || Date.now() > until) return wrong
    // What was told to end may take its time; what leaks stays.
    await pause(200)
  }
}

async function faultsInState(world: CrashWorld): Promise<string[]> {
  const [view, releases] = await Promise.all([world.view(), world.releases()])
  const live = releases.filter(({ state }) => state === 'live')
  const warm = releases.filter(({ state }) => state === 'previous').map(({ number }) => number)
  const open = releases.filter(({ state }) => state === 'releasing' || state === 'stuck')
  return [
    ...(live.length === 1 && live[0]?.number === view.live?.number ? [] : [`live are ${live.map(({ number }) => number).join(', ') || 'none'}, and the edge serves ${view.live?.number ?? 'nothing'}`]),
    ...(warm.join() === view.previous.join() ? [] : [`said to be warm are ${warm.join(', ') || 'none'}, and the edge keeps ${view.previous.join(', ') || 'none'}`]),
    ...Object.keys(view.holds).map((hold) => `requests are still held: ${hold}`),
    ...(view.canary === null ? [] : ['a share of the visitors still meets another release']),
    ...(view.underWay === null ? [] : [`release ${view.underWay.number} is still under way`]),
    ...open.map(({ number, state }) => `release ${number} is ${state}`),
    ...(view.live?.source.commit === (await world.head()) ? [] : [`live is release ${view.live?.number ?? 0}, which is not what was committed last`]),
  ]
}

async function faultsInPlace(world: CrashWorld, rest: Rest): Promise<string[]> {
  const running = await runningIn(world)
  // A cron service runs when it runs; that it never runs twice is in the notes.
  if (running.some(isCron)) return ['a cron run is under way']
  const wanted = [...(await wantedRoles(world)), ...rest.strangers].toSorted()
  const roles = rolesIn(running)
  const listens = listensIn(running)
  return [
    ...(roles.join() === wanted.join() ? [] : [`there run ${roles.join(', ')} in place of ${wanted.join(', ')}`]),
    ...(listens === rest.listens ? [] : [`${listens} sockets listen in place of ${rest.listens}`]),
    ...differences(rest.shape, await shapeOf(world)),
  ]
}

/** What listened for the release before and lay in the home for its units is told by what runs now, which {@link wantedRoles} knows. */
async function withoutPrevious(world: CrashWorld, rest: Rest): Promise<Rest> {
  const now = await shapeOf(world)
  const units = [...rest.shape.keys(), ...now.keys()].filter((kind) => /^(?:docker\/)?(?:units|running)\/|^docker\/docker\/|^container /.test(kind))
  const perRelease = new Map(units.map((kind) => [kind, Math.min(now.get(kind) ?? 0, rest.shape.get(kind) ?? 0)]))
  return { ...rest, shape: new Map([...rest.shape, ...perRelease]), listens: listensIn(await runningIn(world)) }
}

async function wantedRoles(world: CrashWorld): Promise<string[]> {
  const { live, previous } = await world.view()
  const number = live?.number ?? 0
  // The edge and the heir that follows it when it dies.
  return ['api', 'database', 'edge', 'edge', ...world.place.standing, `web r${number}`, `api r${number}`, `mailer r${number}`, ...previous.flatMap((release) => [`web r${release}`, `api r${release}`])]
}

/** Two workers, two migrations or two cron runs at once, or two cron runs for one minute. */
function faultsInNotes(notes: readonly string[]): string[] {
  const minutes = notes.filter((note) => note.endsWith(' cron begins')).map((note) => Math.floor(Number.parseInt(note, 10) / 60_000))
  const twice = minutes.filter((minute, at) => minutes.indexOf(minute) !== at)
  return [...notes.filter((note) => note.includes('two at once')), ...twice.map((minute) => `two cron runs began in minute ${minute}`)]
}

function runningIn({ place, home }: CrashWorld): Promise<Running[]> {
  return place.running(home)
}

function shapeOf({ place, home }: CrashWorld): Promise<HomeShape> {
  return place.shape(home)
}

async function untilNoCron(world: CrashWorld): Promise<void> {
  const until = Date.now() + settlingMs
  while ((await runningIn(world)).some(isCron) && Date.now() < until) await pause(200)
}

function isCron({ role }: { readonly role: string }): boolean {
  return role.startsWith('nightly ')
}
