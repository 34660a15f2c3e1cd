import { waitUntil } from '@plimsoll/engine/contract'
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDockerEngine } from '../src/docker/engine/docker-engine.ts'
import { realClock } from './real-clock.ts'

const never = new AbortController().signal
const missing = whyNoEngineOfOurOwn()

// A machine of its own: an engine in namespaces, whose end takes every process of it along.
describe.skipIf(missing !== undefined)(`a restart of the machine${missing === undefined ? '' : ` (${missing})`}`, () => {
  let lab: string
  let network: string
  beforeEach(() => {
    lab = mkdtempSync(join(tmpdir(), 'plimsoll-reboot-'))
    network = `plimsoll-${randomBytes(4).toString('hex')}`
    execFileSync('ip', ['netns', 'add', network])
    execFileSync('ip', ['-n', network, 'link', 'set', 'lo', 'up'])
  })
  afterEach(async () => {
    // Twice: an engine that is told to end puts its own mounts away.
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      end(signal)
      await waitUntil('the engine has ended', () => processes().length === 0, { clock: realClock }).catch(() => undefined)
    }
    execFileSync('ip', ['netns', 'del', network])
    rmSync(lab, { recursive: true, force: true })
  })

  async function boot(): Promise<void> {
    // As /run is empty then.
    rmSync(join(lab, 'run'), { recursive: true, force: true })
    rmSync(join(lab, 'pid'), { force: true })
    const log = openSync(join(lab, 'log'), 'a')
    const words = ['--net=' + join('/run/netns', network), 'unshare', '-m', '--propagation', 'private', 'dockerd', '--data-root', join(lab, 'data'), '--exec-root', join(lab, 'run'), '-H', `unix://${lab}/socket`, '--pidfile', join(lab, 'pid')]
    spawn('nsenter', words, { stdio: ['ignore', log, log], detached: true }).unref()
    const engine = openDockerEngine({ via: 'socket', path: join(lab, 'socket') })
    await waitUntil('the engine answers', () => engine.call({ path: '/version', to: 'answer' }, never).then(() => true, () => false), { clock: realClock, withinMs: 60_000 })
  }

  /** Everything in the machine's network: the engine, its helpers, and all containers, which are children of theirs. */
  function processes(): number[] {
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
    const roots = all.filter((pid) => read(`/proc/${pid}/cmdline`).includes(lab))
    const children = (of: readonly number[]): number[] => {
      const found = all.filter((pid) => of.includes(Number(/^PPid:\t(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1])))
      return found.length === 0 ? [] : [...found, ...children(found)]
    }
    return [...new Set([...roots, ...children(roots)])].filter((pid) => !/^State:\tZ/m.test(read(`/proc/${pid}/status`)))
  }

  function end(signal: NodeJS.Signals): void {
    for (const pid of processes()) {
      try {
        process.kill(pid, signal)
      } catch {
        // It has ended with another one.
      }
    }
  }

  function plimsoll(phase: 'before' | 'after'): unknown {
    const program = new URL('fixtures/reboot-main.ts', import.meta.url).pathname
    const environment = { ...process.env, DOCKER_HOST: `unix://${lab}/socket` }
    return JSON.parse(execFileSync('nsenter', [`--net=/run/netns/${network}`, process.execPath, program, phase, join(lab, 'home')], { env: environment, encoding: 'utf8', timeout: 120_000 }))
  }

  it('brings every instance back without Plimsoll, and tells a run that was lost from one that ended', { timeout: 300_000 }, async () => {
    await boot()
    const before = plimsoll('before') as { told: unknown[] }
    expect(before.told).toEqual([{ id: expect.stringContaining('shop-web-r1-0-'), secret: 'kept' }, { id: expect.stringContaining('shop-web-r1-1-'), secret: 'kept' }])
    end('SIGKILL')
    await waitUntil('the machine is down', () => processes().length === 0, { clock: realClock })
    await boot()
    expect(plimsoll('after')).toEqual({
      told: before.told,
      lost: { code: null, signal: null, log: ['waiting'] },
      again: { code: 0, signal: null, log: ['again'] },
      stopped: { instances: 2, killed: 0 },
    })
  })
})

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // It has ended.
  }
}

function whyNoEngineOfOurOwn(): string | undefined {
  const lacks = ['dockerd', 'nsenter', 'unshare', 'ip'].filter((name) => !(process.env['PATH'] ?? '').split(':').concat('/usr/sbin', '/sbin').some((directory) => existsSync(join(directory, name))))
  const why = process.getuid?.() !== 0 ? 'skipped: not root' : lacks.length > 0 ? `skipped: no ${lacks.join(', ')}` : undefined
  if (why !== undefined && (process.env['PLIMSOLL_REQUIRE'] ?? '').split(',').includes('docker')) throw new Error(`PLIMSOLL_REQUIRE asks for docker, and an engine of our own cannot be started (${why})`)
  return why
}
