import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { waitUntil } from '@plimsoll/engine/contract'
import { openDockerEngine, type DockerEngine, type EngineAddress } from '@plimsoll/drivers/docker'
import { labClock } from './lab-clock.ts'
import { childrenOf, descendantsOf, kill, layGround, runOn, type Ground } from './lab-ground.ts'

/** One machine of a lab. */
export interface LabNode {
  /** As its engine calls it: `n1`. */
  readonly name: string
  /** Its address in the lab's network. */
  readonly host: string
  /** Of its engine's socket, which is reached from everywhere. */
  readonly address: EngineAddress
  readonly engine: DockerEngine
  /** Words that go before a command, for it to be one of this machine. */
  readonly enter: readonly string[]
  /** Ends the engine by SIGKILL, and nothing else. */
  killEngine(): Promise<void>
  /** Ends the engine, all that runs below it, and every other program of the machine by SIGKILL, at once: what a machine that loses its power does, but for the network, which goes on. */
  killAll(): Promise<void>
  /** Starts the engine; resolves when it answers. */
  startEngine(): Promise<void>
  /** Takes its cable out of the switch. */
  unplug(): void
  plug(): void
}

export interface NodeMaking {
  readonly directory: string
  /** Of the lab, for control groups. */
  readonly group: string
  readonly number: number
  readonly hub: Ground
  /** `HOST:PORT` of a registry that is spoken to without TLS. */
  readonly registry: string
  /** A root directory of another Debian, whose engine runs in the place of this machine's. */
  readonly engineRoot: string | undefined
}

/** The lab's network, in which every machine has the last number of its own. */
export const labAddress = (last: number): string => `10.99.0.${last}`

/** Lays a machine's ground, plugs it in, and starts its engine. */
export async function makeNode({ directory, group, number, hub, registry, engineRoot }: NodeMaking): Promise<LabNode & { readonly end: () => Promise<void> }> {
  const name = `n${number}`
  const own = join(directory, name)
  mkdirSync(own, { recursive: true })
  const ground = await layGround(directory, name)
  const [cable, host] = [`v${number}`, labAddress(10 + number)]
  // Seen from the hub, which counts its processes by itself: its own end is where the command runs, the other one is named by a process of the machine.
  runOn({ enter: ['nsenter', `--target=${hub.pid}`, '--net', '--'] }, 'ip', 'link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(ground.pid))
  runOn(hub, 'ip', 'link', 'set', cable, 'master', 'br0', 'up')
  runOn(ground, 'ip', 'addr', 'add', `${host}/24`, 'dev', 'eth0')
  runOn(ground, 'ip', 'link', 'set', 'eth0', 'up')
  runOn(ground, 'ip', 'route', 'add', 'default', 'via', labAddress(1))
  const socket = join(own, 'socket')
  const address: EngineAddress = { via: 'socket', path: socket }
  const engine = openDockerEngine(address)
  const pidFile = join(own, 'pid')
  const words = [
    ...ground.enter, ...programsOf(engineRoot), 'dockerd', '--data-root', join(own, 'data'), '--exec-root', join(own, 'exec'), '-H', `unix://${socket}`, '--pidfile', pidFile,
    '--insecure-registry', registry, '--exec-opt', 'native.cgroupdriver=cgroupfs', '--cgroup-parent', `/${group}`,
  ]
  let entered = 0
  const node: LabNode = {
    name, host, address, engine, enter: ground.enter,
    async startEngine() {
      // One that was killed has left its own id there, which by now may be somebody else's.
      rmSync(pidFile, { force: true })
      const log = openSync(join(own, 'log'), 'a')
      const [program = '', ...rest] = words
      const child = spawn(program, rest, { stdio: ['ignore', log, log] })
      child.unref()
      entered = child.pid ?? 0
      const answers = () => engine.call({ path: '/version', to: 'answer' }, AbortSignal.timeout(5_000)).then(() => true, () => false)
      await waitUntil(`the engine of ${name} answers`, answers, { clock: labClock, withinMs: 60_000 }).catch((error: unknown) => {
        throw new Error(`the engine of ${name} did not start:\n${readFileSync(join(own, 'log'), 'utf8').slice(-4_000)}`, { cause: error })
      })
    },
    async killEngine() {
      const [dockerd = 0] = childrenOf(entered)
      const helpers = childrenOf(dockerd)
      for (const pid of [dockerd, ...helpers]) kill(pid)
      await waitUntil('the engine has ended', () => [dockerd, entered].every((pid) => !existsSync(`/proc/${pid}`)), { clock: labClock })
    },
    async killAll() {
      const pids = (): number[] => [...descendantsOf(entered), ...descendantsOf(ground.pid)].filter((pid) => !holders.includes(pid))
      for (const pid of pids()) kill(pid)
      await waitUntil(`nothing runs on ${name}`, () => {
        const left = pids()
        for (const pid of left) kill(pid)
        return left.length === 0
      }, { clock: labClock })
    },
    unplug: () => void runOn(hub, 'ip', 'link', 'set', cable, 'down'),
    plug: () => void runOn(hub, 'ip', 'link', 'set', cable, 'up'),
  }
  await node.startEngine()
  // The first process keeps the namespaces while the one below it runs.
  const holders = childrenOf(ground.pid)
  return { ...node, end: () => ground.end() }
}

/** Words that go before a command, for it and all that it starts to be programs of that root. Not by another root directory: what enters a container would then enter from a wrong one. */
function programsOf(root: string | undefined): string[] {
  return root === undefined ? [] : ['unshare', '--mount', '--propagation', 'private', '/bin/sh', '-ec', 'mount --bind "$0/usr" /usr && exec "$@"', root]
}
