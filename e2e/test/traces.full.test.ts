import { readFile, rm, writeFile } from 'node:fs/promises'
import { startTraceCollector, type CollectedSpan, type TraceCollector } from '@plimsoll/api/test/trace-collector'
import { createClient, readEndpoint } from '@plimsoll/client'
import { contract } from '@plimsoll/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFixtureRepo, shopBlueprint, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

// Real processes, and a verification with all that it raises: what stands together in between is tested every time, in apps/api/test/tracing.real.test.ts.
const params = { app: 'shop' }
/** Of a job of CI. */
const job = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' }
const traceparent = `00-${job.trace}-${job.span}-01`

let collector: TraceCollector
let plimsoll: PlimsollHome
let shop: FixtureRepo
/** While it is missing, a build waits. */
let gate: string
beforeAll(async () => {
  collector = await startTraceCollector()
  plimsoll = await createPlimsollHome({ OTEL_EXPORTER_OTLP_ENDPOINT: new URL('/', collector.url).href, OTEL_SERVICE_NAME: 'releases', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=tests' })
  gate = `${plimsoll.home}/gate`
  const blueprint = `${shopBlueprint({ build: `node --check shop-server.mjs; while [ ! -e ${gate} ]; do sleep 0.05; done` })}    preDeployCommand: printf %s "$TRACEPARENT" > ${plimsoll.home}/handed-on\n`
  shop = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint })
  await writeFile(gate, '')
  expect((await plimsoll.run(['up', '--json'], { cwd: shop.directory })).code).toBe(0)
}, 120_000)
afterAll(async () => {
  expect(await plimsoll?.leave()).toEqual([])
  await collector?.close()
}, 120_000)

const named = (name: string): CollectedSpan => {
  const found = collector.spans.filter((span) => span.name === name && span.traceId === job.trace)
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} spans are called ${name}: ${collector.spans.map((span) => span.name).join(', ')}`)
  return found[0]
}

test('a release, its verification and its pre-deploy command are one trace with the job that asked for them, though Plimsoll is killed in the middle', { timeout: 300_000 }, async () => {
  await rm(gate)
  await shop.change('second')
  const { url, token } = await readEndpoint(plimsoll.home)
  const asking = createClient({ baseUrl: url, token, headers: { traceparent } })
  const { number } = await asking.call(contract.startRelease, { params, body: { source: { root: shop.directory, blueprint: 'render.yaml' }, watchMs: 0 } })
  for await (const event of asking.stream(contract.watchRelease, { params: { ...params, release: number } })) if (event.event === 'entry' && event.data.is === 'started' && event.data.step === 'build') break
  process.kill((await asking.call(contract.health, {})).pid, 'SIGKILL')
  // Starts another one, and then has no console to lead to.
  await plimsoll.run(['console'])
  await writeFile(gate, '')
  const client = await plimsoll.client()
  for await (const event of client.stream(contract.watchRelease, { params: { ...params, release: number } })) if (event.event === 'end') expect(event.data).toMatchObject({ state: 'live' })
  await collector.until((spans) => spans.some((span) => span.name === 'RUN release shop' && span.traceId === job.trace))
  const whole = named('RUN release shop')
  const build = named('build')
  const verification = named('RUN verify shop')
  expect(whole).toMatchObject({ service: 'releases', attributes: { 'cicd.pipeline.result': 'success' } })
  expect(build).toMatchObject({ parentSpanId: whole.spanId, events: ['resumed'], failed: undefined })
  expect(verification).toMatchObject({ parentSpanId: named('prove').spanId, attributes: { 'plimsoll.outcome': 'passed' } })
  expect(collector.spans.filter(({ parentSpanId }) => parentSpanId === verification.spanId).length).toBeGreaterThan(5)
  expect(await readFile(`${plimsoll.home}/handed-on`, 'utf8')).toBe(`00-${job.trace}-${named('migrate').spanId}-01`)
})
