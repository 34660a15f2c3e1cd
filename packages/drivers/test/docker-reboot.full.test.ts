import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDockerLab, whyNoDockerLab, type DockerLab } from './stand-in/docker-lab.ts'

const missing = whyNoDockerLab()

describe.skipIf(missing !== undefined)(`a restart of the machine${missing === undefined ? '' : ` (${missing})`}`, () => {
  let lab: DockerLab
  beforeEach(() => {
    lab = createDockerLab()
  })
  afterEach(() => lab.remove(), 60_000)

  function plimsoll(phase: 'before' | 'after' | 'back'): unknown {
    const program = new URL('fixtures/reboot-main.ts', import.meta.url).pathname
    const [enter = '', ...words] = lab.enter
    const environment = { ...process.env, DOCKER_HOST: `unix://${lab.directory}/socket` }
    return JSON.parse(execFileSync(enter, [...words, process.execPath, program, phase, join(lab.directory, 'home')], { env: environment, encoding: 'utf8', timeout: 120_000 }))
  }

  it('brings every instance back without Plimsoll, and tells a run that was lost from one that ended', { timeout: 300_000 }, async () => {
    await lab.boot()
    const before = plimsoll('before') as { told: unknown[] }
    expect(before.told).toEqual([{ id: expect.stringContaining('shop-web-r1-0-'), secret: 'kept' }, { id: expect.stringContaining('shop-web-r1-1-'), secret: 'kept' }])
    await lab.cutPower()
    await lab.boot()
    expect(plimsoll('after')).toEqual({
      told: before.told,
      lost: { code: null, signal: null, log: ['waiting'] },
      again: { code: 0, signal: null, log: ['again'] },
      stopped: { instances: 2, killed: 0 },
    })
  })

  it.each([false, true])('brings every instance back after a death of its engine alone, with live-restore: %s', { timeout: 300_000 }, async (liveRestore) => {
    await lab.boot({ liveRestore })
    const before = plimsoll('before') as { told: unknown[] }
    await lab.killEngine()
    await lab.boot({ liveRestore })
    expect(plimsoll('back')).toEqual({ told: before.told, stopped: { instances: 2, killed: 0 } })
  })
})
