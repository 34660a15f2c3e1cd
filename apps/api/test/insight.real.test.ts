import { contract, type CommitRange, type Source } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { blueprintOf, startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const params = { app: 'shop' }
let api: ApiUnderTest
/** That of the next release. */
let commit: string

beforeEach(async () => {
  api = await startApiUnderTest(await server.openStore(), { readSource: async (root, blueprint) => ({ root, blueprint, dirty: true, commit }), readCommits: async ({ source, since }) => commitsTo(source, since) })
})
afterEach(() => api.close())

/** A history in which every commit has one id of one digit, and follows the one before. */
function commitsTo({ commit: to = '' }: Source, { commit: since = '' }: Source): CommitRange {
  const between = (from: number, until: number) => Array.from({ length: Math.max(0, until - from) }, (_, i) => String(until - i)).map((id) => ({ id, author: 'Ada', subject: `Change ${id}`, at: '2026-11-01T00:00:00.000Z' }))
  return { is: 'known', added: { commits: between(Number(since[0]), Number(to[0])), more: 0 }, dropped: { commits: between(Number(to[0]), Number(since[0])), more: 0 }, isShallow: false, within: '' }
}

async function release(version: string, more = ''): Promise<number> {
  commit = version.repeat(40)
  await api.write(`${blueprintOf(version)}${more}`)
  const { number } = await api.client.call(contract.startRelease, { params, body: { source: { root: api.root, blueprint: 'render.yaml' } } })
  for await (const event of api.client.stream(contract.watchRelease, { params: { ...params, release: number } })) if (event.event === 'end') expect(event.data.outcome).toMatchObject({ is: 'completed' })
  return number
}

const changesOf = (number: number, against?: number) => api.client.call(contract.showChanges, { params: { ...params, release: number }, ...(against !== undefined && { query: { against } }) })
const subjectsOf = ({ commits }: Awaited<ReturnType<typeof changesOf>>) => (commits.is === 'known' ? [commits.added.commits.map(({ id }) => id).join(''), commits.dropped.commits.map(({ id }) => id).join('')] : commits.why)

describe('what a release changes', () => {
  test('is told against what was live before it, with names and no values, and stays true when values change later', async () => {
    await api.client.call(contract.setValues, { params, body: { values: { 'mailer/MAIL_KEY': 'a first key' } } })
    const wantsKey = '    envVars:\n      - key: MAIL_KEY\n        sync: false\n'
    await release('1', wantsKey)
    await api.client.call(contract.setValues, { params, body: { values: { 'mailer/MAIL_KEY': 'a second key' } } })
    const second = await release('3', wantsKey)
    await api.client.call(contract.setValues, { params, body: { values: { 'mailer/MAIL_KEY': 'a first key' } } })
    const changes = await changesOf(second)
    expect(changes).toMatchObject({ release: 2, against: 1, artifacts: { is: 'known' } })
    expect(subjectsOf(changes)).toEqual(['32', ''])
    expect(changes.environment).toEqual({ is: 'known', variables: [
      { service: 'web', key: 'VERSION', is: 'changed', origin: 'value' },
      { service: 'mailer', key: 'MAIL_KEY', is: 'changed', origin: 'plimsoll env set' },
    ] })
    expect(JSON.stringify(changes)).not.toMatch(/a (?:first|second) key/)
  })

  test('of the first one is all of it, against nothing', async () => {
    const changes = await changesOf(await release('1'))
    expect(changes).toMatchObject({ against: null, commits: { is: 'not known', why: 'Nothing was live before it' }, artifacts: { services: [{ service: 'web', is: 'added' }, { service: 'mailer', is: 'added' }] } })
  })

  test('is told between any two, by way of all that lie between them, and of a rollback', async () => {
    await release('1')
    await release('2')
    await release('4')
    expect(subjectsOf(await changesOf(3, 1))).toEqual(['432', ''])
    expect(subjectsOf(await changesOf(1, 3))).toEqual(['', '432'])
    expect((await changesOf(1, 3)).schema).toMatchObject({ is: 'known', steps: [{ release: 3, isKnown: false }, { release: 2 }] })
    const { number } = await api.client.call(contract.rollBack, { params, body: { to: 2 } })
    await api.runner.ended('shop' as never)
    expect(await changesOf(number)).toMatchObject({ release: 2, against: 3 })
    expect(subjectsOf(await changesOf(number))).toEqual(['', '43'])
    expect(subjectsOf(await changesOf(await release('5'), 3))).toEqual(['5', ''])
  })

  test('is not found of a release that was never begun', async () => {
    await release('1')
    await expect(changesOf(9)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
