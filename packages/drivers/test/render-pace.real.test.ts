import { expect, test } from 'vitest'
import { liveService, never, renderLab, seededRandom } from './render-lab.ts'

test.each(['seconds', 'moment'] as const)('with Reset as %s nothing is ever refused for being too fast, and no window is left unused', async (resetForm) => {
  const lab = await renderLab({ resetForm, limits: { reads: 10, otherWrites: 5 } })
  const { clock, api, fake } = lab
  const began = clock.now()
  for (let round = 0; round < 35; round += 1) await api.owners.list(never)
  expect(fake.requests).toHaveLength(35)
  expect(clock.now() - began).toBeGreaterThanOrEqual(180_000)
  expect(clock.now() - began).toBeLessThan(190_000)
})

test('many at once wait for their windows as well', async () => {
  const { clock, api, fake } = await renderLab({ limits: { reads: 10 } })
  await api.owners.list(never)
  const began = clock.now()
  await Promise.all(Array.from({ length: 25 }, () => api.owners.list(never)))
  expect(clock.now() - began).toBeGreaterThan(60_000)
  expect(fake.requests.length).toBeLessThan(30)
})

test('a refusal that says when to come back is heeded to that moment, by all of its kind', async () => {
  const { clock, api, fake } = await renderLab()
  fake.fail('GET /owners', { does: 'answer', status: 429, headers: { 'retry-after': '42' } })
  const began = clock.now()
  await api.owners.list(never)
  expect(clock.now() - began).toBeGreaterThanOrEqual(42_000)
  expect(clock.now() - began).toBeLessThan(46_000)
  expect(fake.requests).toHaveLength(2)
})

test('one service that has used up its deploys keeps no other from its own', async () => {
  const lab = await renderLab({ limits: { changes: 3, newServices: 100 } })
  const [one, two] = [await liveService(lab, 'one'), await liveService(lab, 'two')]
  for (let round = 0; round < 3; round += 1) await lab.api.services.suspend(one, never)
  const began = lab.clock.now()
  await lab.api.services.suspend(two, never)
  expect(lab.clock.now()).toBe(began)
  await lab.api.services.suspend(one, never)
  expect(lab.clock.now() - began).toBeGreaterThan(30_000)
})

test('a wait that is longer than anybody wants to wait is told at once, with when to come back', async () => {
  const lab = await renderLab({ limits: { newServices: 1 } })
  await liveService(lab)
  const began = lab.clock.now()
  await expect(liveService(lab, 'other')).rejects.toMatchObject({ code: 'RENDER_DOWN', details: { retryAfterS: expect.toSatisfy((seconds: number) => seconds > 3_000 && seconds <= 3_600) } })
  expect(lab.clock.now()).toBe(began)
  expect(lab.fake.requests.filter((each) => each === 'POST /services')).toHaveLength(1)
})

test('clients that failed together do not come back together', async () => {
  const waits = await Promise.all([1, 2, 3].map(async (seed) => {
    const lab = await renderLab()
    lab.fake.fail('GET /owners', { does: 'answer', status: 503 }, 4)
    const began = lab.clock.now()
    await lab.client({ random: seededRandom(seed * 1_000_003) }).owners.list(never)
    return lab.clock.now() - began
  }))
  expect(new Set(waits).size).toBe(3)
  for (const wait of waits) expect(wait).toBeLessThan(500 + 1_000 + 2_000 + 4_000)
})
