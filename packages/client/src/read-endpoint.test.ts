import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readEndpoint } from './read-endpoint.ts'

let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plimsoll-client-'))
  await mkdir(join(home, 'api'))
})
afterEach(() => rm(home, { recursive: true }))

test('gives the address and the token that the API wrote', async () => {
  await writeFile(join(home, 'api/endpoint.json'), JSON.stringify({ url: 'http://127.0.0.1:7717', pid: 12, version: '0.1.0' }))
  await writeFile(join(home, 'api/token'), 'secret\n', { mode: 0o600 })
  expect(await readEndpoint(home)).toEqual({ url: 'http://127.0.0.1:7717', pid: 12, version: '0.1.0', token: 'secret' })
})

test('says how to start Plimsoll where it never ran', async () => {
  await expect(readEndpoint(join(home, 'nowhere'))).rejects.toMatchObject({ code: 'API_UNREACHABLE', hint: 'Start it: plimsoll up' })
})

test.each(['', '{"url":"http://127.0', '{"url":"not a url","pid":1,"version":"1"}'])('names the file that it cannot understand: %s', async (text) => {
  await writeFile(join(home, 'api/endpoint.json'), text)
  await writeFile(join(home, 'api/token'), 'secret')
  await expect(readEndpoint(home)).rejects.toMatchObject({ code: 'API_UNREACHABLE', message: expect.stringContaining('endpoint.json') })
})
