import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pause } from '../load/pause.ts'
import { openWitness, type Witness } from './open-witness.ts'

const client = fileURLToPath(new URL('../../fixtures/tell-witness.mjs', import.meta.url))

let witness: Witness
const programs: ChildProcess[] = []
beforeEach(async () => {
  witness = await openWitness('127.0.0.1')
})
afterEach(async () => {
  for (const program of programs.splice(0)) program.kill('SIGKILL')
  await witness.close()
})

/** A program that claims to be the only one of `kind`, and lives until it is killed; resolves when it has claimed. */
async function claims(kind: string): Promise<ChildProcess> {
  const text = `import { ask, claim } from ${JSON.stringify(client)}
    await claim('${witness.url}', '${kind}')
    await ask('${witness.url}', 'note ${kind} begins')
    console.log('claimed')
    setInterval(() => undefined, 1000)`
  const program = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', 'pipe', 'inherit'] })
  programs.push(program)
  await once(program.stdout, 'data')
  return program
}

const said = (): string[] => witness.notes().map((note) => note.replace(/^\d+ /, ''))

test('two programs of a kind at once are noted, one after the other are not, however the first one ended', { timeout: 30_000 }, async () => {
  const first = await claims('worker')
  await claims('cron')
  first.kill('SIGKILL')
  await once(first, 'exit')
  await claims('worker')
  expect(said()).toEqual(['worker begins', 'cron begins', 'worker begins'])
  await claims('worker')
  while (!said().includes('worker two at once')) await pause(10)
})

test('what is added under a key is counted, whoever adds it', async () => {
  const { ask } = (await import(client)) as { ask(at: string, question: string): Promise<string> }
  expect(await Promise.all(['add a', 'add b', 'add a'].map((question) => ask(witness.url, question)))).toContain('2')
  expect([await ask(witness.url, 'count a'), await ask(witness.url, 'count b'), await ask(witness.url, 'count c')]).toEqual(['2', '1', '0'])
})
