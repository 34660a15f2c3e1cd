import { startAndWait } from '@plimsoll/engine/contract'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { app, makeProcessUnderTest, runs, type ProcessUnderTest } from './process-under-test.ts'

const never = new AbortController().signal

let under: ProcessUnderTest
beforeEach(async () => {
  under = await makeProcessUnderTest()
})
afterEach(() => under.dispose())

it('gives a command nothing of our own environment', async () => {
  process.env['SECRET_OF_OURS'] = 'hush'
  try {
    const { log } = await under.driver.exec({ ...runs('', { environment: { GIVEN: 'yes' } }), command: 'env', output: () => undefined }, never)
    const names = log.map((line) => line.slice(0, line.indexOf('='))).filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name))
    expect(names.sort()).toEqual(['GIVEN', 'HOME', 'LANG', 'PATH', 'PLIMSOLL_APP', 'PLIMSOLL_PLACE', 'PLIMSOLL_RELEASE', 'PLIMSOLL_ROLE', 'PLIMSOLL_SERVICE', 'RENDER_INSTANCE_ID', 'TMPDIR'])
  } finally {
    delete process.env['SECRET_OF_OURS']
  }
})

it('keeps what a unit writes out of its artifact, and throws it away with the unit', async () => {
  const files = await mkdtemp(join(tmpdir(), 'plimsoll-artifact-'))
  await writeFile(join(files, 'data'), 'built', { mode: 0o444 })
  const base = runs('echo changed > data; echo more > made; sleep 60')
  const unit = { ...base, artifact: { ...base.artifact, files } }
  await under.driver.start(unit, never)
  const exec = { ...unit, command: 'until [ -e made ]; do sleep 0.02; done; cat data', output: () => undefined }
  expect(await under.driver.exec(exec, never)).toMatchObject({ log: ['changed'] })
  await under.driver.stop(app, unit.unit, 5_000, never)
  expect(await readdir(files)).toEqual(['data'])
  expect(await readFile(join(files, 'data'), 'utf8')).toBe('built')
  expect(await readdir(join(under.home, 'units', app))).toEqual([])
  expect(await readdir(join(under.home, 'units-scratch'))).toEqual([])
  await rm(files, { recursive: true })
})

it('shows the environment of a unit to its owner only', async () => {
  const unit = runs('node serves.mjs', { environment: { TOKEN: 'hush' } })
  await under.driver.start(unit, never)
  const record = join(under.home, 'units', app, unit.unit.name, 'unit.json')
  expect((await stat(record)).mode & 0o077).toBe(0)
})

it('runs more or fewer instances when it is asked to, and leaves those that stay alone', async () => {
  const one = await startAndWait(under, runs('node serves.mjs', { instances: 1 }))
  const three = await startAndWait(under, runs('node serves.mjs', { instances: 3 }))
  expect(three[0]).toEqual(one[0])
  expect(await startAndWait(under, runs('node serves.mjs', { instances: 1 }))).toEqual(one)
  expect(await under.processes()).toBe(1)
})

it('says that an artifact is gone, and how to get it back', async () => {
  const base = runs('node serves.mjs')
  const unit = { ...base, artifact: { ...base.artifact, files: '/nowhere/at/all' } }
  await expect(under.driver.start(unit, never)).rejects.toMatchObject({ code: 'ARTIFACT_BROKEN' })
  expect(await under.driver.stop(app, unit.unit, 0, never)).toEqual({ instances: 0, killed: 0 })
})
