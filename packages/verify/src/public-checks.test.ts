import { manualClock } from '@plimsoll/engine/fakes'
import { appNameSchema, serviceNameSchema, type UnitSpec, type Verdict } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { createPublicChecks } from './public-checks.ts'

const spec: UnitSpec = { service: serviceNameSchema.parse('web'), kind: 'web', runtime: 'node', rootDir: '', maxShutdownDelayMs: 30_000, instances: 1, reaches: [] }

/** Asks of a site that answers with these, one after the other, the last one again and again. */
async function verdictOf(answers: readonly (number | Error)[], healthCheckPath?: string): Promise<{ verdict: Verdict | undefined; asked: string[] }> {
  const asked: string[] = []
  const fetch: typeof globalThis.fetch = async (url) => {
    const answer = answers[Math.min(asked.push(String(url)), answers.length) - 1]
    if (typeof answer !== 'number') throw answer
    return new Response(null, { status: answer })
  }
  const [check] = createPublicChecks({ clock: manualClock({ auto: true }), fetch })
  const verdicts = await check?.ask({ app: appNameSchema.parse('shop'), spec: { ...spec, ...(healthCheckPath !== undefined && { healthCheckPath }) }, url: 'https://web.test' }, new AbortController().signal)
  return { verdict: verdicts?.[0], asked }
}

test('asks the health path that the Blueprint names, which has to say yes', async () => {
  expect(await verdictOf([200], '/healthz')).toMatchObject({ verdict: { is: 'pass', check: 'public.answers', service: 'web' }, asked: ['https://web.test/healthz'] })
  expect((await verdictOf([404], '/healthz')).verdict).toMatchObject({ is: 'fail', finding: 'https://web.test/healthz answers 404, asked 5 times' })
})

test('without a health path it is enough that the first page is no failure', async () => {
  expect((await verdictOf([404])).verdict).toMatchObject({ is: 'pass' })
  expect((await verdictOf([500])).verdict).toMatchObject({ is: 'fail' })
})

test('asks again before it says that nothing answers', async () => {
  const refused = new TypeError('fetch failed', { cause: Object.assign(new Error('no'), { code: 'ECONNREFUSED' }) })
  expect(await verdictOf([refused, 502, 200], '/healthz')).toMatchObject({ verdict: { is: 'pass' }, asked: { length: 3 } })
  expect((await verdictOf([refused])).verdict).toMatchObject({ is: 'fail', finding: 'https://web.test/ does not answer (ECONNREFUSED), asked 5 times' })
})
