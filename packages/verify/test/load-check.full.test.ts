import { expect, test } from 'vitest'
import { loadCheck } from '../src/checks/load/load-check.ts'
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
