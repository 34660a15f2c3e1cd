import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimHome } from '../src/claim-home.ts'

let home: string
let holder: ChildProcess
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'claim-'))
})
afterEach(async () => {
  if (holder.exitCode === null && holder.signalCode === null) {
    holder.kill('SIGKILL')
    await once(holder, 'exit')
  }
  await rm(home, { recursive: true })
})

/** Another process that claims the home, and then does as `life` says; resolves when it has claimed it. */
async function claimElsewhere(life = 'setInterval(() => undefined, 1000)'): Promise<void> {
  const module = new URL('../src/claim-home.ts', import.meta.url).href
  holder = spawn(process.execPath, ['--input-type=module', '--eval', `import { claimHome } from ${JSON.stringify(module)}
console.log(await claimHome(${JSON.stringify(home)}) !== undefined)
${life}`], { stdio: ['ignore', 'pipe', 'inherit'] })
  if (holder.stdout === null) throw new Error('it has no output')
  const [said] = (await once(holder.stdout, 'data')) as [Buffer]
  expect(said.toString()).toBe('true\n')
}

test('a home has one Plimsoll, by whichever path it is reached', async () => {
  await claimElsewhere()
  await symlink(home, join(home, 'alias'))
  expect(await claimHome(home)).toBeUndefined()
  expect(await claimHome(join(home, 'alias'))).toBeUndefined()
})

test('a Plimsoll that was stopped is ended by the next one, so that it never goes on beside it', async () => {
  await claimElsewhere()
  const ended = once(holder, 'exit')
  holder.kill('SIGSTOP')
  expect(await claimHome(home, { patienceMs: 200 })).toBeDefined()
  holder.kill('SIGCONT')
  expect(await ended).toEqual([null, 'SIGKILL'])
})

test('a Plimsoll that was killed has left nothing to wait for', async () => {
  await claimElsewhere()
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  expect(await claimHome(home, { patienceMs: 60_000 })).toBeDefined()
})

test('a Plimsoll that dies in the moment of being asked is followed by who asked, and not taken for one that is alive or stands still', async () => {
  // Its answer is the last thing that it does not get to.
  await claimElsewhere(`import { Socket } from 'node:net'
Socket.prototype.end = () => process.kill(process.pid, 'SIGKILL')
setInterval(() => undefined, 1000)`)
  const ended = once(holder, 'exit')
  expect(await claimHome(home, { patienceMs: 60_000 })).toBeDefined()
  expect(await ended).toEqual([null, 'SIGKILL'])
})
