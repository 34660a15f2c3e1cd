import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { listens, releaseNumberSchema, unitNameSchema, type Address, type Instance, type UnitSpec } from '@plimsoll/model'
import type { CopyUnit, LaidOver } from '../src/rehearsal/rehearsal.ts'
import { createProbe } from '../src/socket-probe.ts'

export interface MadeUnit {
  readonly spec: UnitSpec
  readonly files: string
  readonly port: number
  readonly environment: Readonly<Record<string, string>>
}

export interface ProcessUnit extends CopyUnit {
  /** Ends it with everything that it has left behind. Twice is once. */
  end(): Promise<void>
}

const pollMs = 10
const healthyMs = 20_000
const probe = createProbe()

/** A unit that is one process of this machine, started by `/bin/sh` in a session of its own. It is never started again by itself. */
export function createProcessUnit({ spec, files, port, environment }: MadeUnit): ProcessUnit {
  const unit = { name: unitNameSchema.parse(`shop-${spec.service}-r1`), service: spec.service, release: releaseNumberSchema.parse(1) }
  const address = { host: '127.0.0.1', port }
  const printed: string[] = []
  let child: ChildProcess | undefined
  const begin = (more: LaidOver = {}): ChildProcess => {
    child = spawn('/bin/sh', ['-c', spec.startCommand ?? ''], {
      cwd: files, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: `${process.execPath.replace(/\/[^/]+$/, '')}:/usr/bin:/bin`, ...environment, ...more, PORT: String(port) },
    })
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => printed.push(text))
    return child
  }
  const instances = async (): Promise<readonly Instance[]> => {
    if (child?.pid === undefined) return []
    const hasEnded = child.exitCode !== null || child.signalCode !== null
    const exit = hasEnded && { exit: { code: child.exitCode, signal: child.signalCode } }
    return [{ id: 'one', unit, state: hasEnded ? 'exited' : 'running', restarts: 0, address, ...(!hasEnded && { pid: child.pid }), ...exit }]
  }
  const endGroup = async (): Promise<void> => {
    if (child?.pid === undefined) return
    killGroup(child.pid)
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    child = undefined
  }
  return {
    unit, spec, environment, files, addresses: listens(spec.kind) ? [address] : [], instances,
    reach: (to, signal) => probe.tcp({ address: to, timeoutMs: 3_000 }, signal),
    takes: async (to, signal) => (await probe.tcp({ address: to, timeoutMs: 1_000 }, signal)).is === 'healthy',
    async begin(_signal, more) {
      begin(more)
    },
    async start(signal, more) {
      const started = begin(more)
      const isUp = (): Promise<boolean> => answers({ spec, address }, signal)
      for (const until = Date.now() + healthyMs; !(await isUp()); await sleep(pollMs, undefined, { signal })) {
        if (started.exitCode !== null || Date.now() > until) throw new Error(`${spec.service} did not get healthy: ${printed.join('')}`)
      }
    },
    async stop(graceMs) {
      const running = child
      if (running?.pid === undefined) return { instances: 0, killed: 0 }
      running.kill('SIGTERM')
      const until = Date.now() + graceMs
      while (running.exitCode === null && running.signalCode === null && Date.now() < until) await sleep(pollMs)
      const inTime = running.exitCode !== null || running.signalCode !== null
      await endGroup()
      return { instances: 1, killed: inTime ? 0 : 1 }
    },
    async terminate() {
      child?.kill('SIGTERM')
    },
    async listening() {
      // Every address of 127.0.0.0/8 is this machine, so a server that answers at the second one is not on the first one alone.
      if (await accepts('127.0.0.2', port)) return [{ host: '0.0.0.0', port }]
      return (await accepts('127.0.0.1', port)) ? [address] : []
    },
    log: async (tail) => printed.join('').split('\n').filter((line) => line !== '').slice(-tail),
    exec: () => Promise.reject(new Error('nothing is run here')),
    end: endGroup,
  }
}

function answers({ spec, address }: { readonly spec: UnitSpec; readonly address: Address }, signal: AbortSignal): Promise<boolean> {
  if (!listens(spec.kind)) return Promise.resolve(true)
  const question = { address, timeoutMs: 3_000 }
  const answer = spec.healthCheckPath === undefined ? probe.tcp(question, signal) : probe.http({ ...question, path: spec.healthCheckPath }, signal)
  return answer.then(({ is }) => is === 'healthy')
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false)).once('connect', () => socket.destroy())
  })
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // Nothing of it is left.
  }
}
