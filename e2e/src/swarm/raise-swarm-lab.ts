import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitUntil } from '@plimsoll/engine/contract'
import type { DockerEngine } from '@plimsoll/drivers/docker'
import { labClock } from './lab-clock.ts'
import { childrenOf, clearDeadLabs, kill, labName, layGround, removeTraces, runOn, weigh, type Ground } from './lab-ground.ts'
import { labAddress, makeNode, type LabNode } from './lab-node.ts'

/** Three machines with an engine each, which are one Swarm, and a fourth one between them with the switch, the registry and whoever asks from outside. */
export interface SwarmLab {
  readonly name: string
  readonly directory: string
  readonly nodes: readonly [LabNode, LabNode, LabNode]
  /** `10.99.0.1:5000`: a registry without TLS that every machine reaches. */
  readonly registry: string
  /** The address of whoever is outside, which every machine reaches. */
  readonly outside: string
  /** Words that go before a command, for it to run where users are: outside of the cluster, in its network, and else as on this machine. */
  readonly enter: readonly string[]
  /** Gives a machine a label, as an administrator does. */
  label(node: LabNode, labels: Readonly<Record<string, string>>): Promise<void>
  /** Takes the registry away, or brings it back with what it had. */
  stopRegistry(): Promise<void>
  startRegistry(): Promise<void>
  /** Ends and removes everything. Twice is once. */
  lower(): Promise<void>
}

const patienceMs = 60_000
/** While a release of six services is made beside one that is live and one that is warm. */
const usualContainers = 40
const soon = (): AbortSignal => AbortSignal.timeout(patienceMs)

/** A root directory of another Debian, whose engine the machines of a lab are to have: `mmdebstrap --variant=minbase --include=docker.io,iptables trixie DIRECTORY`. */
const engineRoot = process.env['PLIMSOLL_LAB_ENGINE']

/**
 * Raises a lab, of which a process can have one at a time. It is gone when this process is, whatever ended that; what it had on disk,
 * and its control group, are removed when the next one is raised. All three machines are managers, so that one may be lost.
 */
export async function raiseSwarmLab(): Promise<SwarmLab> {
  await clearDeadLabs()
  const name = labName()
  const directory = join(tmpdir(), name)
  mkdirSync(directory, { mode: 0o700 })
  weigh(name, usualContainers)
  const ends: (() => Promise<void>)[] = []
  const lower = async (): Promise<void> => {
    await Promise.all(ends.splice(0).map((end) => end()))
    await removeTraces(name)
  }
  try {
    const hub = await layHub(directory)
    ends.push(() => hub.end())
    const registry = createLabRegistry(hub, directory)
    const host = await registry.start()
    const nodes = await Promise.all([1, 2, 3].map(async (number) => {
      const node = await makeNode({ directory, group: name, number, hub, registry: host, engineRoot })
      ends.push(() => node.end())
      return node
    }))
    const [first, second, third] = nodes
    if (first === undefined || second === undefined || third === undefined) throw new Error('a lab has three machines')
    await joinUp(first, [second, third])
    return { name, directory, nodes: [first, second, third], registry: host, outside: labAddress(1), enter: ['nsenter', `--net=/proc/${hub.pid}/ns/net`, '--'], label: (node, labels) => label(first, { node, labels }), stopRegistry: () => registry.stop(), startRegistry: async () => void (await registry.start()), lower }
  } catch (error) {
    await lower()
    throw error
  }
}

async function layHub(directory: string): Promise<Ground> {
  const hub = await layGround(directory, 'hub')
  runOn(hub, 'ip', 'link', 'add', 'br0', 'type', 'bridge')
  runOn(hub, 'ip', 'addr', 'add', `${labAddress(1)}/24`, 'dev', 'br0')
  runOn(hub, 'ip', 'link', 'set', 'br0', 'up')
  return hub
}

interface LabRegistry {
  start(): Promise<string>
  stop(): Promise<void>
}

function createLabRegistry(hub: Ground, directory: string): LabRegistry {
  const host = `${labAddress(1)}:5000`
  const config = join(directory, 'registry.yml')
  writeFileSync(config, `version: 0.1\nlog: { level: info }\nstorage: { filesystem: { rootdirectory: ${directory}/registry }, delete: { enabled: true } }\nhttp: { addr: '${host}' }\n`)
  let running: ChildProcess | undefined
  return {
    async start() {
      const [program = '', ...rest] = [...hub.enter, 'docker-registry', 'serve', config]
      const child = spawn(program, rest, { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env['PATH'], OTEL_TRACES_EXPORTER: 'none' } })
      child.unref()
      running = child
      await new Promise<void>((resolve, reject) => {
        createInterface({ input: child.stderr }).on('line', (line) => line.includes('listening on') && resolve())
        child.once('exit', () => reject(new Error('the registry of the lab ended')))
      })
      return host
    },
    async stop() {
      const { pid: entered = 0 } = running ?? {}
      // Who enters a ground starts there what it is to run, and ends alone when it is killed.
      for (const pid of childrenOf(entered)) kill(pid)
      await waitUntil('the registry of the lab has ended', () => childrenOf(entered).length === 0, { clock: labClock })
    },
  }
}

/** Makes one Swarm of the machines, in which an app's network has room for two hundred tasks and does not meet the lab's. */
async function joinUp(first: LabNode, others: readonly LabNode[]): Promise<void> {
  const body = { ListenAddr: `${first.host}:2377`, AdvertiseAddr: first.host, DefaultAddrPool: ['10.100.0.0/16'], SubnetSize: 24, Spec: {} }
  await post(first.engine, '/swarm/init', body)
  const { JoinTokens } = JSON.parse((await first.engine.call({ path: '/swarm', to: 'tell how to join' }, soon())).body) as { JoinTokens: { Manager: string } }
  // One after the other: a cluster that is just deciding by vote refuses the next one.
  for (const { engine, host } of others) await post(engine, '/swarm/join', { RemoteAddrs: [`${first.host}:2377`], JoinToken: JoinTokens.Manager, ListenAddr: `${host}:2377`, AdvertiseAddr: host })
}

interface ListedNode {
  readonly ID: string
  readonly Version: { readonly Index: number }
  readonly Spec: object
  readonly Description: { readonly Hostname: string }
}

async function label({ engine }: LabNode, { node, labels }: { readonly node: LabNode; readonly labels: Readonly<Record<string, string>> }): Promise<void> {
  const all = JSON.parse((await engine.call({ path: '/nodes', to: 'list machines' }, soon())).body) as ListedNode[]
  const found = all.find(({ Description }) => Description.Hostname === node.name)
  if (found === undefined) throw new Error(`the cluster does not know ${node.name}`)
  await engine.call({ method: 'POST', path: `/nodes/${found.ID}/update`, query: { version: found.Version.Index }, body: { ...found.Spec, Labels: labels }, to: `label ${node.name}` }, soon())
}

async function post(engine: DockerEngine, path: string, body: object): Promise<void> {
  await engine.call({ method: 'POST', path, body, to: `ask for ${path}` }, soon())
}
