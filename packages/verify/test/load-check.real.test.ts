import { expect, test } from 'vitest'
import { compareRounds, type Round } from '../src/checks/load/compare-rounds.ts'
import { loadCheck } from '../src/checks/load/load-check.ts'
import { memoryGrowth, type MemoryPoint } from '../src/checks/load/memory-growth.ts'
import { findingsOf, processRehearsal } from './process-rehearsal.ts'

const server = (answer: string): string => `
  import { createServer } from 'node:http'
  const kept = []
  let asked = 0
  createServer((request, response) => {
    if (request.url !== '/healthz') return response.writeHead(404).end()
    asked += 1
    ${answer}
  }).listen(process.env.PORT)`
const fine = { source: server('response.end("ok")'), healthCheckPath: '/healthz' }
const after = (ms: number): string => server(`setTimeout(() => response.end("ok"), ${ms})`)

test('under load, it names who fails, who got slower than what is live, and who keeps memory, and nobody else', async () => {
  const rehearsal = await processRehearsal({
    services: {
      failing: { ...fine, source: server('response.writeHead(asked % 20 === 19 ? 503 : 200).end("ok")') },
      slower: { ...fine, source: after(30) },
      leaky: { ...fine, source: server('kept.push(Buffer.alloc(1_500_000, asked)); setTimeout(() => response.end("ok"), 10)') },
    },
    live: { services: { failing: fine, slower: { ...fine, source: after(5) }, leaky: { ...fine, source: after(10) } } },
  })
  const findings = await findingsOf(loadCheck({ rounds: 3, inFlight: 4, forMs: 3_600, timeoutMs: 10_000 }), rehearsal)
  expect(findings.filter(({ is, weight }) => is === 'fail' && weight === undefined).map(({ service, finding }) => [service, finding])).toEqual([
    ['failing', expect.stringMatching(/^failing fails under load: \/healthz \d+ of \d+ times \(answers 503\)$/)],
    ['slower', expect.stringMatching(/^slower \/healthz is \d\.\d times as slow as before/)],
    ['leaky', expect.stringMatching(/^leaky keeps memory of what it has answered: \d+ KB a request/)],
  ])
})

test('with nothing live it asks the shared copy, and says that it held it against nothing', async () => {
  const findings = await findingsOf(loadCheck({ rounds: 2, inFlight: 4, forMs: 300, timeoutMs: 10_000 }), await processRehearsal({ services: { fine } }))
  expect(findings).toMatchObject([{ is: 'pass', finding: expect.stringContaining('nothing live to hold it against') }])
})

const times = (ms: number): number[] => Array.from({ length: 100 }, (_, at) => ms * (1 + at / 200))
const round = (candidate: number, live: number): Round => ({ candidate: times(candidate), live: times(live) })

test('twice as slow in every round is much slower; in one it is not', () => {
  expect(compareRounds([round(20, 10), round(22, 11), round(30, 14), round(19, 10)])).toMatchObject({ is: 'much slower' })
  expect(compareRounds([round(10, 10), round(60, 10), round(11, 10), round(10, 11)])).toMatchObject({ is: 'alike' })
})

test('rounds that contradict each other are no verdict', () => {
  expect(compareRounds([round(20, 10), round(9, 10), round(25, 10), round(30, 10)])).toMatchObject({ is: 'unsure' })
})

test('a round of what is live that is as slow as the candidate\'s best is no verdict', () => {
  expect(compareRounds([round(20, 10), round(40, 24), round(20, 10), round(20, 10)])).toMatchObject({ is: 'unsure' })
})

test('a third slower in every round is worth a word, and a millisecond is not', () => {
  expect(compareRounds([round(40, 30), round(41, 30), round(39, 29)])).toMatchObject({ is: 'slower' })
  expect(compareRounds([round(1.2, 0.6), round(1.2, 0.6), round(1.2, 0.6)])).toMatchObject({ is: 'alike' })
})

test('of two rounds, or of a few answers, nothing is said', () => {
  expect(compareRounds([round(20, 10), round(20, 10)])).toBeUndefined()
  expect(compareRounds(Array.from({ length: 4 }, () => ({ candidate: [1, 2], live: [1, 2] })))).toBeUndefined()
})

const points = (start: number, perRequest: number): MemoryPoint[] => [1, 2, 3, 4, 5, 6].map((at) => ({ requests: at * 2_000, bytes: start + at * 2_000 * perRequest }))

test('memory that grows with every round, and far more than that of what is live, is gross', () => {
  expect(memoryGrowth(points(5e7, 10_000), points(5e7, 0))).toMatchObject({ is: 'gross', perRequest: 10_000 })
  expect(memoryGrowth(points(5e7, 10_000), points(5e7, 9_000))).toMatchObject({ is: 'steady' })
  expect(memoryGrowth(points(5e7, 5_000), points(5e7, 0))).toMatchObject({ is: 'growing' })
})

test('memory that falls in between is a heap at work, and no leak', () => {
  expect(memoryGrowth([1, 2, 9, 4, 20].map((at, index) => ({ requests: index * 1_000, bytes: at * 1e7 })))).toMatchObject({ is: 'steady' })
})
