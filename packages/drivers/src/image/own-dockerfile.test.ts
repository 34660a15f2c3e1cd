import { unitSpecSchema } from '@plimsoll/model'
import { treeOf } from '@plimsoll/repository/tree-of'
import { expect, test } from 'vitest'
import { ownDockerfile } from './own-dockerfile.ts'

const spec = (docker: object, rootDir = '') => unitSpecSchema.parse({ service: 'api', kind: 'web', runtime: 'docker', rootDir, maxShutdownDelayMs: 1, instances: 1, docker: { dockerfile: 'Dockerfile', context: '', ...docker } })
const read = (text: string, secrets: string[] = []) => ownDockerfile(spec({}), treeOf({ Dockerfile: text }), secrets)

test('paths count from the service\'s own directory, else from the root of the repository', async () => {
  const tree = treeOf({ 'apps/api/Dockerfile': 'FROM a', 'docker/Dockerfile': 'FROM b' })
  expect(await ownDockerfile(spec({ context: 'src' }, 'apps/api'), tree, [])).toMatchObject({ file: 'apps/api/Dockerfile', context: 'apps/api/src' })
  expect(await ownDockerfile(spec({ dockerfile: 'docker/Dockerfile' }, 'apps/api'), tree, [])).toMatchObject({ file: 'docker/Dockerfile', context: '' })
})

test('a Dockerfile that is not there is named', async () => {
  await expect(ownDockerfile(spec({}, 'apps/api'), treeOf({}), [])).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE', message: expect.stringContaining('apps/api/Dockerfile') })
})

test.each([
  ['FROM a\n\nCOPY .env ./\n', 3], ['FROM a\n# COPY .env\nCOPY package.json \\\n  apps/api/.env.local \\\n  ./', 3], ['FROM a\nADD ["x", ".env", "/app/"]', 2], ['FROM a\ncopy --chown=1 .env .', 2],
])('one that copies the values of a machine is refused, with its line: %j', async (text, line) => {
  await expect(read(text)).rejects.toMatchObject({ code: 'BUILD_FAILED', message: expect.stringContaining(`Dockerfile:${line} copies`), details: { line } })
})

test('what comes from another stage, and values for everybody, may be copied', async () => {
  await expect(read('FROM a\nCOPY --from=build .env .\nCOPY .env.production .env.example ./')).resolves.toMatchObject({ remarks: [] })
})

test('its arguments are known, and one for a secret is remarked on with its line', async () => {
  expect(await read('ARG BASE=x TAG\nFROM ${BASE}\nARG TOKEN', ['TOKEN'])).toMatchObject({ args: ['BASE', 'TAG', 'TOKEN'], remarks: [expect.stringMatching(/^Dockerfile:3 ARG TOKEN/)] })
})
