import { afterEach, beforeEach, expect, test } from 'vitest'
import { renderUnderTest, type RenderUnderTest } from './render-platform-under-test.ts'

const never = new AbortController().signal
let under: RenderUnderTest

beforeEach(async () => {
  under = await renderUnderTest()
  for (let round = 0; round < 2; round += 1) {
    for (const prepared of (await under.platform.survey(under.wanted('red'), never)).changes) await under.platform.apply(prepared, never)
  }
})
afterEach(() => under.dispose())

async function texts(query: { readonly tail: number; readonly follow: boolean }, heard: (text: string) => Promise<boolean> = async () => false): Promise<string[]> {
  const { platform, app, web, api } = under
  const enough = new AbortController()
  const lines: string[] = []
  for await (const { text } of platform.logs({ app, services: [web, api], ...query }, enough.signal)) {
    lines.push(text)
    if (await heard(text)) enough.abort()
  }
  return lines
}

test('services of several regions are asked for one region at a time, and told in one order', async () => {
  const api = under.fake.service('api')
  api.details = { ...api.details, region: 'frankfurt' }
  for (const [service, text] of [[under.web, 'one'], [under.api, 'two'], [under.web, 'three']] as const) await under.print(service, text)
  expect(await texts({ tail: 3, follow: false })).toEqual(['one', 'two', 'three'])
})

test('a line that is shown late is told, and none twice', async () => {
  await under.print(under.web, 'first')
  const late = under.clock.now() + 1_000
  expect(await texts({ tail: 1, follow: true }, async (text) => {
    if (text === 'first') {
      await under.clock.advance(2_000)
      await under.print(under.web, 'second')
    }
    if (text === 'second') under.fake.world.logs.push({ id: 'late', resource: under.fake.service('api').id, type: 'app', at: late, message: 'late' })
    return text === 'late'
  })).toEqual(['first', 'second', 'late'])
})

test('what was printed hours ago is told too, and what a build has printed is not', async () => {
  // By then the deploys that come with new services have printed all of theirs.
  await under.clock.advance(200_000)
  expect(under.fake.service('web').deploys[0]?.status).toBe('live')
  await under.print(under.web, 'long ago')
  await under.clock.advance(5 * 60 * 60_000)
  under.fake.world.logs.push({ id: 'built', resource: under.fake.service('web').id, type: 'build', at: under.clock.now(), message: 'built' })
  expect(await texts({ tail: 1, follow: false })).toEqual(['long ago'])
})

test('a tail of no lines asks for none, and follows all the same', async () => {
  await under.print(under.web, 'before')
  await under.clock.advance(20_000)
  const following = texts({ tail: 0, follow: true }, async () => true)
  under.clock.sleep(1_000, never).then(() => under.fake.print('web', 'news'), () => undefined)
  expect(await following).toEqual(['news'])
})
