import { expect, test } from 'vitest'
import { execCommandOf, startCommandOf } from './container-command.ts'

const withShell = { hasShell: true }
const bare = { hasShell: false }

test('without a start command the image\'s own runs as it is', () => {
  expect(startCommandOf(undefined, withShell)).toBeUndefined()
})

test.each(['node server.js', '/usr/local/bin/node --enable-source-maps dist/main.js --port=1'])('nothing stands between the init and `%s`', (line) => {
  const [program, ...rest] = line.split(' ')
  const expected = { entrypoint: [program], arguments: rest, tellsGroup: true }
  expect(startCommandOf(line, withShell)).toEqual(expected)
  expect(startCommandOf(line, bare)).toEqual(expected)
})

test.each(['pnpm start', 'node server.js | tee log', 'node "a b.js"', 'PORT=1 node server.js', 'exec node server.js', 'node $FILE', 'node *.js', 'cd app && node server.js', ''])('`%s` is looked after by a shell, told to end alone', (line) => {
  expect(startCommandOf(line, withShell)).toEqual({ entrypoint: ['/bin/sh', '-c', expect.stringContaining('trap '), 'plimsoll'], arguments: [line], tellsGroup: false })
})

test('in an image without a shell a plain command runs by itself, and nothing else does', () => {
  expect(startCommandOf('server --listen', bare)).toEqual({ entrypoint: ['server'], arguments: ['--listen'], tellsGroup: true })
  expect(() => startCommandOf('server && other', bare)).toThrow(expect.objectContaining({ code: 'PLACE_CANNOT', message: expect.stringContaining('server && other') }))
})

test('a command that ends by itself is the shell\'s where there is one', () => {
  expect(execCommandOf('node migrate.js', withShell)).toEqual({ entrypoint: ['/bin/sh', '-c'], arguments: ['node migrate.js'], tellsGroup: true })
  expect(execCommandOf('node migrate.js', bare)).toEqual({ entrypoint: ['node'], arguments: ['migrate.js'], tellsGroup: true })
  expect(() => execCommandOf('node migrate.js > log', bare)).toThrow(expect.objectContaining({ code: 'PLACE_CANNOT' }))
})
