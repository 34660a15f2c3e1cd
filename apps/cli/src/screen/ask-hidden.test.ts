import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { askHidden } from './ask-hidden.ts'

const names = ['web/KEY', 'api/TOKEN']
const never = new AbortController().signal

test('every value is asked for, an empty line asks again, and nothing that is typed is shown', async () => {
  const { asked, type, shown } = ask()
  type('hunter22\n\nt0ken with space\n')
  expect(await asked).toEqual({ 'web/KEY': 'hunter22', 'api/TOKEN': 't0ken with space' })
  expect(shown()).toBe('  web/KEY: 8 characters\n  api/TOKEN: nothing was typed; once more\n  api/TOKEN: 16 characters\n')
})

test.each([['Ctrl-C', '\u0003'], ['Ctrl-D', '\u0004']])('%s gives none of them, and leaves no half line', async (_name, key) => {
  const { asked, type, shown } = ask()
  type(`hunter22\n${key}`)
  expect(await asked).toBeUndefined()
  expect(shown()).toBe('  web/KEY: 8 characters\n  api/TOKEN: \n')
})

test('it ends when it is told to, also before it has begun', async () => {
  const stop = new AbortController()
  const { asked } = ask(stop.signal)
  stop.abort()
  expect(await asked).toBeUndefined()
  expect(await ask(AbortSignal.abort()).asked).toBeUndefined()
})

test('the terminal is given back as it was', async () => {
  const { asked, type, isRaw } = ask()
  expect(isRaw()).toBe(true)
  type('a\nb\n')
  await asked
  expect(isRaw()).toBe(false)
})

function ask(signal: AbortSignal = never): { asked: ReturnType<typeof askHidden>; type(text: string): void; shown(): string; isRaw(): boolean } {
  let raw = false
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (mode: boolean) => { raw = mode } })
  const out = new PassThrough()
  const asked = askHidden({ input: input as unknown as NodeJS.ReadStream, out: out as unknown as NodeJS.WriteStream }, names, signal)
  return { asked, type: (text) => void input.write(text), shown: () => String(out.read() ?? ''), isRaw: () => raw }
}
