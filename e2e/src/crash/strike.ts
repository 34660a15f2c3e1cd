import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { edgeHealth, edgePaths } from '@plimsoll/edge'
import type { AppView } from '@plimsoll/model'
import { wallNow } from '../load/load-record.ts'
import { pause } from '../load/pause.ts'
import type { RunningCommand } from '../plimsoll/plimsoll-home.ts'
import type { Victim } from './crash-case.ts'
import type { CrashWorld } from './crash-world.ts'
import { untilGone, untilStopped } from './process-state.ts'
import type { Machine, WorldPlace } from './world-place.ts'

interface Scene {
  readonly victim: Victim
  /** Of the API; undefined when it has gone already. */
  readonly pid: number | undefined
  readonly command: RunningCommand
  /** How the app stood when it began; undefined where there was none. */
  readonly before: AppView | undefined
  readonly candidate: number
}

/** Hits the victim of a case while its API is dead or stands still at the point, and lets that go on where it can. Returns when the victim had gone. */
export async function strike(world: CrashWorld, scene: Scene): Promise<number> {
  const { victim, pid, command } = scene
  if (victim === 'api') {
    if (pid !== undefined) await untilGone(pid)
    return wallNow()
  }
  if (pid === undefined) throw new Error('there is no API that stands still')
  await untilStopped(pid)
  if (victim === 'stopped api') return wallNow()
  const comeBack = await hits[victim](world, scene)
  const goneAt = wallNow()
  if (victim === 'machine') return goneAt
  process.kill(pid, 'SIGCONT')
  await comeBack?.()
  if (victim !== 'cli') await command.ended
  if (victim === 'full disk') await world.disk?.free()
  return goneAt
}

/** May give how the victim comes back while the others go on. */
type Hit = (world: CrashWorld, scene: Scene) => Promise<void | (() => Promise<void>)>

/** As long as systemd waits before it starts an engine again that has died. */
const engineAwayMs = 2_000

const hits: Readonly<Record<Exclude<Victim, 'api' | 'stopped api'>, Hit>> = {
  database: killDatabase,
  edge: killEdge,
  'edge and heir': (world) => killRole(world, 'edge'),
  cli: async (_, { command }) => command.kill('SIGKILL'),
  interrupt: async (_, { command }) => command.kill('SIGINT'),
  'live instance': (world, { before }) => killRole(world, `web r${before?.live?.number ?? 0}`),
  'candidate instance': (world, { candidate }) => killRole(world, `web r${candidate}`),
  'previous instance': (world, { before }) => killRole(world, `web r${before?.previous[0] ?? 0}`),
  'full disk': async ({ disk }) => disk?.fill(),
  machine: async ({ place, home }) => machineOf(place).reboot(home),
  engine: killEngine,
  'engine with live-restore': killEngine,
  nobody: async () => undefined,
}

async function killDatabase({ home }: CrashWorld): Promise<void> {
  process.kill(Number((await readFile(join(home, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[0]), 'SIGKILL')
}

/** The one that serves; its heir is to follow. */
async function killEdge({ home }: CrashWorld): Promise<void> {
  const edge = await edgeHealth(edgePaths(home), AbortSignal.timeout(10_000))
  if (edge === undefined) throw new Error('there is no edge to kill')
  process.kill(edge.pid, 'SIGKILL')
  await untilGone(edge.pid)
}

async function killEngine({ place }: CrashWorld): Promise<() => Promise<void>> {
  const { engine } = machineOf(place)
  if (engine === undefined) throw new Error(`on ${place.name} there is no engine to kill`)
  await engine.kill()
  return async () => {
    await pause(engineAwayMs)
    await engine.restart()
  }
}

function machineOf({ machine, name }: WorldPlace): Machine {
  if (machine === undefined) throw new Error(`the machine of ${name} cannot go down by itself here`)
  return machine
}

async function killRole({ place, home }: CrashWorld, role: string): Promise<void> {
  const found = (await place.running(home)).filter((each) => each.role === role)
  if (found.length === 0) throw new Error(`there is no ${role} to kill`)
  await Promise.all(found.map((each) => each.kill()))
}
