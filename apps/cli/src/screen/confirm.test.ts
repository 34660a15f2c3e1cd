import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { confirm } from './confirm.ts'

const never = new AbortController().signal

function ask(typed: string, signal: AbortSignal = never): Promise<boolean> {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined })
  const asked = confirm({ input: input as unknown as NodeJS.ReadStream, out: new PassThrough() as unknown as NodeJS.WriteStream }, 'Go back?', signal)
  input.write(typed)
  return asked
}

test.each([['y\n', true], ['Yes\n', true], ['\n', false], ['n\n', false], ['yellow\n', false], ['\u0003', false], ['\u0004', false]])('%j is taken for %s', async (typed, yes) => {
  expect(await ask(typed)).toBe(yes)
})

test('who is told to stop has not agreed', async () => {
  const stop = new AbortController()
  const asked = ask('', stop.signal)
  stop.abort()
  expect(await asked).toBe(false)
})
