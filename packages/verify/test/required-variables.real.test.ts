import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { requiredVariablesCheck } from '../src/checks/boot/required-variables-check.ts'
import { findingsOf, processRehearsal } from './process-rehearsal.ts'

const server = (before: string, answer = '200'): string => `import { createServer } from 'node:http'
const { SECRET, PLAIN } = process.env
${before}
createServer((request, response) => response.writeHead(request.url === '/readyz' ? ${answer} : 200).end()).listen(Number(process.env.PORT), '0.0.0.0')`

test('whoever names what it misses, or needs it not, passes; whoever ends without a word, or fails its visitors, is told', async () => {
  const service = (source: string) => ({ source, healthCheckPath: '/healthz', environment: { SECRET: 'x' } })
  const rehearsal = await processRehearsal({
    services: {
      naming: service(server(`if (!SECRET) throw new Error('SECRET is not set')`)),
      careless: service(server('', 'SECRET ? 200 : 500')),
      mute: service(server(`if (!SECRET) process.exit(2)`)),
      worker: { kind: 'worker', environment: { SECRET: 'x' }, source: `if (!process.env.SECRET) process.exit(2); setInterval(() => undefined, 1000)` },
      plain: { source: server(''), healthCheckPath: '/healthz' },
    },
  })
  expect(await findingsOf(requiredVariablesCheck(), rehearsal)).toMatchObject([
    { service: 'naming', is: 'pass', finding: 'naming starts well, or says what it misses, without each of SECRET' },
    { service: 'careless', is: 'fail', weight: 'advice', finding: 'careless starts well without SECRET, and then answers 500 at /readyz: a visitor would be the first to know' },
    { service: 'mute', is: 'fail', weight: 'advice', finding: 'mute ends with status 2 without SECRET, and nothing that it prints names it' },
    { service: 'plain', is: 'skipped' },
    { service: 'worker', is: 'fail', weight: 'advice', finding: expect.stringContaining('worker ends with status 2 without SECRET') },
  ])
})

test('whoever fails its visitors without the address of another service is told', async () => {
  const front = `import { createServer } from 'node:http'
const back = process.env.BACK_URL
createServer(async (request, response) => response.writeHead(request.url === '/readyz' ? (await fetch(back).catch(() => ({ status: 502 }))).status : 200).end()).listen(Number(process.env.PORT), '0.0.0.0')`
  const rehearsal = await processRehearsal({ services: { back: { source: server(''), healthCheckPath: '/healthz' }, front: { source: front, healthCheckPath: '/healthz', needs: ['back'] } } })
  expect((await findingsOf(requiredVariablesCheck(), rehearsal)).find(({ service }) => service === 'front')).toMatchObject({ is: 'fail', finding: 'front starts well without BACK_URL, and then answers 502 at /readyz: a visitor would be the first to know' })
})

test('variables that are named together are tried together, and what hides behind them is found all the same', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'starts-')), 'count')
  const source = `import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
appendFileSync('${file}', '.')
const missing = ['A_URL', 'B', 'B_KEY', 'D'].filter((name) => !process.env[name])
if (missing.length > 0) throw new Error('not set: ' + missing.join(', '))
if (!process.env.QUIET) process.exit(3)
createServer((request, response) => response.writeHead(200).end()).listen(Number(process.env.PORT), '0.0.0.0')`
  const environment = { A_URL: 'x', B: 'x', B_KEY: 'x', D: 'x', QUIET: 'x' }
  const rehearsal = await processRehearsal({ services: { api: { source, healthCheckPath: '/healthz', environment } } })
  expect(await findingsOf(requiredVariablesCheck(), rehearsal)).toMatchObject([
    { service: 'api', is: 'fail', finding: 'api ends with status 3 without QUIET, and nothing that it prints names it' },
  ])
  // The copy itself, without all of them, and without QUIET alone.
  expect(await readFile(file, 'utf8')).toBe('...')
  await rm(dirname(file), { recursive: true })
})
