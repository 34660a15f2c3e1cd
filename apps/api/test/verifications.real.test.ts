import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contract, isPlimsollError, verificationSchema } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const params = { app: 'shop' }
/** As a PNG begins. */
const picture = Buffer.from('\u0089PNG\r\n\u001A\n a picture', 'latin1')
let api: ApiUnderTest

const codeOf = (asked: Promise<unknown>): Promise<unknown> => asked.then(() => 'answered', (error: unknown) => (isPlimsollError(error) ? error.code : error))

describe('a verification', () => {
  const asked = { params: { ...params, verification: 'v1' } }

  beforeEach(async () => {
    api = await startApiUnderTest(await server.openStore())
    await mkdir(join(api.root, 'evidence/web'), { recursive: true })
    await writeFile(join(api.root, 'evidence/web/home.png'), picture)
    await writeFile(join(api.root, 'evidence/web/secret.png'), 'that no answer names')
    const verdicts = [{ check: 'web.browser', is: 'fail', finding: 'It is empty', tookMs: 1, evidence: [{ title: 'As it was seen', file: 'web/home.png' }] }]
    await api.store.verifications.begin(verificationSchema.parse({
      version: 1, id: 'v1', app: 'shop', place: 'process', source: { root: api.root, blueprint: 'render.yaml', dirty: true }, blueprint: `sha256:${'a'.repeat(64)}`, state: 'blocked', startedAt: '2026-11-20T10:00:00.000Z',
      artifacts: [], seed: 1, directory: api.root, checks: [{ id: 'web.browser', title: 'Pages show something', concern: 'web', startedAt: '2026-11-20T10:00:00.000Z', tookMs: 1, after: [], verdicts }],
    }))
  })
  afterEach(() => api.close())

  test('is listed by how it stands, and shown with all that was asked', async () => {
    expect(await api.client.call(contract.listVerifications, { params })).toMatchObject({ verifications: [{ id: 'v1', state: 'blocked', blocking: 1, passed: 0 }], next: null })
    expect(await api.client.call(contract.showVerification, asked)).toMatchObject({ id: 'v1', checks: [{ id: 'web.browser', verdicts: [{ finding: 'It is empty' }] }] })
    expect(await codeOf(api.client.call(contract.showVerification, { params: { ...params, verification: 'v2' } }))).toBe('NOT_FOUND')
    expect(await codeOf(api.client.call(contract.showVerification, { params: { app: 'other', verification: 'v1' } }))).toBe('NOT_FOUND')
  })

  test('gives the files that its answers name, and no other', async () => {
    expect(await api.client.call(contract.showEvidence, { ...asked, query: { file: 'web/home.png' } })).toEqual({ mediaType: 'image/png', base64: picture.toString('base64') })
    for (const file of ['web/secret.png', 'web/../web/home.png', '../render.yaml', '/etc/hostname']) expect(await codeOf(api.client.call(contract.showEvidence, { ...asked, query: { file } })), file).toBe('NOT_FOUND')
    await rm(join(api.root, 'evidence'), { recursive: true })
    expect(await codeOf(api.client.call(contract.showEvidence, { ...asked, query: { file: 'web/home.png' } }))).toBe('NOT_FOUND')
  })
})
