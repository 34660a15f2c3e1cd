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

  function plimsoll(phase: 'before' | 'after', seconds = 600): unknown {
    const program = new URL('fixtures/reboot-main.ts', import.meta.url).pathname
    const [enter = '', ...words] = lab.enter
    const environment = { ...process.env, DOCKER_HOST: `unix://${lab.directory}/socket` }
    return JSON.parse(execFileSync(enter, [...words, process.execPath, program, phase, join(lab.directory, 'home'), String(seconds)], { env: environment, encoding: 'utf8', timeout: 120_000 }))
  }

  it('brings every instance back without Plimsoll, and tells a run that was lost from one that ended', { timeout: 300_000 }, async () => {
    await lab.boot()
    const before = plimsoll('before') as { told: unknown[] }
    expect(before.told).toEqual([{ id: expect.stringContaining('shop-web-r1-0-'), secret: 'kept' }, { id: expect.stringContaining('shop-web-r1-1-'), secret: 'kept' }])
    await lab.cutPower()
    await lab.boot()
    expect(plimsoll('after')).toEqual({
      told: before.told,
      run: { told: { code: null, signal: null, log: ['waiting'] }, again: { code: 0, signal: null, log: ['again'] } },
      stopped: { instances: 2, killed: 0 },
    })
  })

  it('brings every instance back after a death of its engine alone, and tells a run that it ended then from one that ended', { timeout: 300_000 }, async () => {
    await lab.boot()
    const before = plimsoll('before') as { told: unknown[] }
    await lab.killEngine()
    await lab.boot()
    const run = { told: { code: null, signal: null, log: ['waiting'] }, again: { code: 0, signal: null, log: ['again'] } }
    expect(plimsoll('after')).toEqual({ told: before.told, run, stopped: { instances: 2, killed: 0 } })
  })

  it('keeps every instance and the run through a death of an engine that leaves them alone', { timeout: 300_000 }, async () => {
    await lab.boot({ liveRestore: true })
    const before = plimsoll('before', 15) as { told: unknown[] }
    await lab.killEngine()
    await lab.boot({ liveRestore: true })
    const end = { code: 0, signal: null, log: ['waiting', 'over'] }
    expect(plimsoll('after')).toEqual({ told: before.told, run: { told: end, again: end }, stopped: { instances: 2, killed: 0 } })
  })
})
