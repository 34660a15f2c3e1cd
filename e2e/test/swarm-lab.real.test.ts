import { tinyImage } from '@plimsoll/drivers/stand-in'
import { waitUntil } from '@plimsoll/engine/contract'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { labClock } from '../src/swarm/lab-clock.ts'
import { clearDeadLabs, tracesOf } from '../src/swarm/lab-ground.ts'
import { publishIn } from '../src/swarm/lab-images.ts'
import { raiseSwarmLab, type SwarmLab } from '../src/swarm/raise-swarm-lab.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
const never = new AbortController().signal
const nothing = { groups: [], processes: [], mounts: [], directory: false }
const limit = 120_000

/** What of this machine a lab could touch: its links, its addresses, its mounts, and its rules where there is a program to read them. */
const thisMachine = (): string => {
  const read = (...words: [string, ...string[]]): string => {
    try {
      return execFileSync(words[0], words.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    } catch {
      return '' // No such program here.
    }
  }
  const rules = ['iptables-save', 'iptables-legacy-save', 'nft'].map((name) => (name === 'nft' ? read(name, 'list', 'ruleset') : read(name)).split('\n').filter((line) => !line.startsWith('#')).map((line) => line.replace(/\[\d+:\d+\]|counter packets \d+ bytes \d+/g, '')))
  return JSON.stringify([read('ip', '-o', 'address').replace(/\w+_lft \w+/g, ''), read('ip', 'route'), readFileSync('/proc/self/mounts', 'utf8'), rules])
}

interface Task {
  readonly NodeID: string
  readonly Status: { readonly State: string; readonly Err?: string }
}

async function tasksOf({ nodes: [, second] }: SwarmLab): Promise<Task[]> {
  return JSON.parse((await second.engine.call({ path: '/tasks', to: 'list tasks' }, never)).body) as Task[]
}

describe.skipIf(missing !== undefined)(`the Swarm lab${missing === undefined ? '' : ` (${missing})`}`, () => {
  it('is three machines that run a service from its registry, and leaves no trace of itself when it is lowered', { timeout: limit }, async () => {
    const before = thisMachine()
    const lab = await raiseSwarmLab()
    onTestFinished(() => lab.lower())
    const image = await publishIn(lab, tinyImage)
    const [first] = lab.nodes
    const body = { Name: 'tiny', TaskTemplate: { ContainerSpec: { Image: image, Env: ['PORT=80'] } }, Mode: { Replicated: { Replicas: 3 } }, EndpointSpec: { Mode: 'dnsrr' } }
    await first.engine.call({ method: 'POST', path: '/services/create', body, to: 'make a service' }, never)
    const on = await waitUntil('a task runs on every machine', async () => {
      const nodes = new Set((await tasksOf(lab)).filter(({ Status }) => Status.State === 'running').map(({ NodeID }) => NodeID))
      return nodes.size === 3 && nodes
    }, { clock: labClock, withinMs: 60_000 })
    expect(on.size).toBe(3)
    expect(tracesOf(lab.name).groups.length).toBeGreaterThan(0)
    await lab.lower()
    await lab.lower()
    expect(tracesOf(lab.name)).toEqual(nothing)
    expect(thisMachine()).toBe(before)
  })

  it('dies with whoever raised it, and the next one removes what is left: what it had on disk, and an empty control group', { timeout: limit }, async () => {
    const raiser = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', fileURLToPath(new URL('swarm-lab-raiser.ts', import.meta.url))], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void raiser.kill('SIGKILL'))
    const [name] = (await once(createInterface({ input: raiser.stdout }), 'line')) as [string]
    expect(tracesOf(name).processes.length).toBeGreaterThan(8)
    raiser.kill('SIGKILL')
    await waitUntil('nothing of it runs', () => tracesOf(name).processes.length === 0, { clock: labClock })
    expect(tracesOf(name), 'but for the group that it was weighed by').toEqual({ ...nothing, directory: true, groups: [expect.any(String)] })
    await clearDeadLabs()
    expect(tracesOf(name)).toEqual(nothing)
  })

  it('loses an engine, or the cable of a machine, and has both back', { timeout: limit }, async () => {
    const lab = await raiseSwarmLab()
    onTestFinished(() => lab.lower())
    const [first, second, third] = lab.nodes
    const stateOf = async (host: string): Promise<string | undefined> => {
      const { status, body } = await third.engine.call({ path: '/nodes', to: 'list machines', also: [500, 503] }, never)
      const nodes = status === 200 ? (JSON.parse(body) as { Status: { State: string }; ManagerStatus?: { Addr: string; Reachability: string } }[]) : []
      return nodes.find(({ ManagerStatus }) => ManagerStatus?.Addr === `${host}:2377`)?.ManagerStatus?.Reachability
    }
    const becomes = (host: string, state: string) => waitUntil(`${host} is ${state}`, async () => (await stateOf(host)) === state, { clock: labClock, withinMs: 60_000 })
    await first.killEngine()
    await becomes(first.host, 'unreachable')
    await first.startEngine()
    await becomes(first.host, 'reachable')
    second.unplug()
    await becomes(second.host, 'unreachable')
    second.plug()
    await becomes(second.host, 'reachable')
  })
})
