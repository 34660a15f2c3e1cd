import { expect, test } from 'vitest'
import { execCommandOf, startCommandOf } from './container-command.ts'

const image = { entrypoint: ['docker-entrypoint.sh'], command: ['serve', '--all'] }
const withShell = { ...image, hasShell: true }
const bare = { ...image, hasShell: false }

const ofOurs = { tellsGroup: true, isOfImage: false }
const required = ['--require', '/run/plimsoll/environment.cjs']

test.each(['node server.js', '/usr/local/bin/node --enable-source-maps dist/main.js --port=1'])('nothing stands between the init and `%s`', (line) => {
  const [program, ...rest] = line.split(' ')
  const expected = { entrypoint: [program], arguments: [...required, ...rest], loader: 'node', ...ofOurs }
  expect(startCommandOf(line, withShell)).toEqual(expected)
  expect(startCommandOf(line, bare)).toEqual(expected)
})

test.each(['pnpm start', 'node server.js | tee log', 'node "a b.js"', 'PORT=1 node server.js', 'exec node server.js', 'node $FILE', 'node *.js', 'cd app && node server.js', ''])('`%s` is looked after by a shell, which is told to end alone', (line) => {
  expect(startCommandOf(line, withShell)).toEqual({ entrypoint: ['/bin/sh', '-c', expect.stringMatching(/^\. \/run\/plimsoll\/environment\.sh\ntrap /), 'plimsoll'], arguments: [line], loader: 'shell', tellsGroup: false, isOfImage: false })
})

test('in an image without a shell a plain command runs by itself, and nothing else does', () => {
  expect(startCommandOf('server --listen', bare)).toEqual({ entrypoint: ['server'], arguments: ['--listen'], loader: undefined, ...ofOurs })
  expect(() => startCommandOf('server && other', bare)).toThrow(expect.objectContaining({ code: 'PLACE_CANNOT', message: expect.stringContaining('server && other') }))
})

test('without a start command the image\'s own runs as its first process', () => {
  const ofImage = { tellsGroup: false, isOfImage: true }
  expect(startCommandOf(undefined, withShell)).toEqual({ entrypoint: ['/bin/sh', '-c', '. /run/plimsoll/environment.sh\nexec "$@"', 'plimsoll'], arguments: ['docker-entrypoint.sh', 'serve', '--all'], loader: 'shell', ...ofImage })
  expect(startCommandOf(undefined, bare)).toEqual({ entrypoint: ['docker-entrypoint.sh'], arguments: ['serve', '--all'], loader: undefined, ...ofImage })
  expect(startCommandOf(undefined, { hasShell: false, entrypoint: ['/nodejs/bin/node'], command: ['server.js'] })).toEqual({ entrypoint: ['/nodejs/bin/node'], arguments: [...required, 'server.js'], loader: 'node', ...ofImage })
})

test('a command that ends by itself is the shell\'s where there is one', () => {
  expect(execCommandOf('node migrate.js', withShell)).toEqual({ entrypoint: ['/bin/sh', '-c', '. /run/plimsoll/environment.sh\nexec /bin/sh -c "$1"', 'plimsoll'], arguments: ['node migrate.js'], loader: 'shell', ...ofOurs })
  expect(execCommandOf('node migrate.js', bare)).toEqual({ entrypoint: ['node'], arguments: [...required, 'migrate.js'], loader: 'node', ...ofOurs })
  expect(() => execCommandOf('node migrate.js > log', bare)).toThrow(expect.objectContaining({ code: 'PLACE_CANNOT' }))
})
