import { expect, test } from 'vitest'
import { codeIn, nodeCallFromRoot } from './root-call.ts'

test.each([
  ['node dist/main.js', 'node apps/api/dist/main.js'],
  ['NODE_ENV=production node ./dist/main.js', 'node apps/api/dist/main.js'],
  ['cross-env NODE_ENV=production node --enable-source-maps dist/main.js --verbose', 'node --enable-source-maps apps/api/dist/main.js --verbose'],
  ['node --env-file=.env --env-file-if-exists .env.local dist/main.js', 'node apps/api/dist/main.js'],
  ['node --import ./tracing.js dist/main.js', 'node --import=./apps/api/tracing.js apps/api/dist/main.js'],
  ['node -r ./tracing.cjs dist/main.js', 'node --require=./apps/api/tracing.cjs apps/api/dist/main.js'],
])('"%s" of a package is, from the root, %s', (script, expected) => {
  expect(nodeCallFromRoot(script, 'apps/api')?.command).toBe(expected)
})

test.each([
  'tsx src/main.ts', 'node dist/a.js && node dist/b.js', 'node --import tsx src/main.ts', 'PORT=3000 node dist/main.js', 'node -e 1', 'node "$FILE"', 'node --watch src/main.ts', 'node',
])('"%s" is left to the package manager', (script) => {
  expect(nodeCallFromRoot(script, 'apps/api')).toBeUndefined()
})

test('the file that a tool runs is found in its script', () => {
  expect(codeIn('tsx watch --clear-screen=false src/main.ts', 'apps/api')).toBe('apps/api/src/main.ts')
  expect(codeIn('nest start', 'apps/api')).toBeUndefined()
})
