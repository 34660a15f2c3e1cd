import { spawnSync } from 'node:child_process'
import { createClient } from '@plimsoll/client'
import { blueGreen } from '@plimsoll/engine'
import { fakeDriver, manualClock } from '@plimsoll/engine/fakes'
import { contract, type Release } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openTracing } from '../src/tracing/open-tracing.ts'
import type { Tracing } from '../src/tracing/tracing.ts'
import type { SamplerName } from '../src/tracing/tracing-settings.ts'
import { blueprintOf, startApiUnderTest, token, type ApiUnderTest } from './api-under-test.ts'
import { startTraceCollector, type CollectedSpan, type TraceCollector } from './trace-collector.ts'

const server = withTestServer({ beforeAll, afterAll })
const params = { app: 'shop' }
/** Of a job of CI. */
const job = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' }
const withPreDeploy = (version: string): string => blueprintOf(version).replace('    startCommand: node web.js', '    startCommand: node web.js\n    preDeployCommand: node migrate.js')

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

interface Traced {
  readonly api: ApiUnderTest
  readonly tracing: Tracing
  readonly reports: unknown[]
  /** The TRACEPARENT of each command that ran. */
  readonly handedOn: (string | undefined)[]
}

async function trace(collector: TraceCollector, sampler: SamplerName = 'parentbased_always_on'): Promise<Traced> {
  const reports: unknown[] = []
  const tracing = await openTracing({ url: collector.url, sampler: { name: sampler, ratio: 1 }, batch: { scheduledDelayMillis: 20 } }, { version: '1.2.3', report: (error) => void reports.push(error) })
  if (tracing === undefined) throw new Error('nothing is traced')
  const clock = manualClock({ auto: true, startsAt: Date.now() })
  const driver = fakeDriver({ clock })
  const handedOn: (string | undefined)[] = []
  const api = await startApiUnderTest(await server.openStore(), {
    tracing, clock,
    driver: { ...driver, exec: (run, signal) => (handedOn.push(run.environment['TRACEPARENT']), driver.exec(run, signal)) },
  })
  ends.push(() => collector.close(), () => tracing.close(), () => api.close())
  await api.write(withPreDeploy('1'))
  return { api, tracing, reports, handedOn }
}

async function release({ api }: Traced, traceparent?: string): Promise<Release> {
  const client = createClient({ baseUrl: api.url, token, ...(traceparent !== undefined && { headers: { traceparent } }) })
  const { number } = await client.call(contract.startRelease, { params, body: { source: { root: api.root, blueprint: 'render.yaml' } } })
  for await (const event of api.client.stream(contract.watchRelease, { params: { ...params, release: number } })) if (event.event === 'end') return event.data
  throw new Error('it has no end')
}

const named = (spans: readonly CollectedSpan[], name: string): CollectedSpan => {
  const found = spans.filter((span) => span.name === name)
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} spans are called ${name}: ${spans.map((span) => span.name).join(', ')}`)
  return found[0]
}
const has = (name: string) => (spans: readonly CollectedSpan[]): boolean => spans.some((span) => span.name === name)
const startRequest = 'POST /v1/apps/:app/releases'

describe('a release', () => {
  test('is one trace with the job of CI that asked for it, down to the pre-deploy command', async () => {
    const collector = await startTraceCollector()
    const traced = await trace(collector)
    expect(await release(traced, `00-${job.trace}-${job.span}-01`)).toMatchObject({ state: 'live' })
    const spans = await collector.until((all) => has('RUN release shop')(all) && has(startRequest)(all))
    const request = named(spans, startRequest)
    const whole = named(spans, 'RUN release shop')
    expect(request).toMatchObject({ traceId: job.trace, parentSpanId: job.span, service: 'plimsoll', kind: 2, attributes: { 'http.response.status_code': 200, 'http.route': '/v1/apps/:app/releases', 'url.path': '/v1/apps/shop/releases' } })
    expect(whole).toMatchObject({ traceId: job.trace, parentSpanId: request.spanId, failed: undefined, attributes: { 'cicd.pipeline.result': 'success', 'cicd.pipeline.run.id': 'shop/1', 'plimsoll.app': 'shop', 'plimsoll.release': 1, 'plimsoll.outcome': 'completed' } })
    const steps = spans.filter(({ parentSpanId }) => parentSpanId === whole.spanId)
    expect(steps.map(({ name }) => name)).toEqual(blueGreen.steps.map(({ name }) => name))
    for (const step of steps) expect(step).toMatchObject({ traceId: job.trace, failed: undefined, attributes: { 'cicd.pipeline.task.run.result': 'success' } })
    expect(traced.handedOn).toEqual([`00-${job.trace}-${named(steps, 'migrate').spanId}-01`])
    expect(traced.reports).toEqual([])
  })

  test('that fails says where and why, and what was taken back', async () => {
    const collector = await startTraceCollector()
    const traced = await trace(collector)
    traced.api.verdict = { check: 'shop.opens', is: 'fail', finding: 'it stays shut', tookMs: 1 }
    expect(await release(traced)).toMatchObject({ state: 'undone' })
    const spans = await collector.until(has('RUN release shop'))
    const whole = named(spans, 'RUN release shop')
    expect(whole).toMatchObject({ failed: expect.stringContaining('it stays shut'), attributes: { 'cicd.pipeline.result': 'failure', 'error.type': 'CHECKS_FAILED', 'deployment.status': 'failed' } })
    expect(named(spans, 'verify')).toMatchObject({ parentSpanId: whole.spanId, failed: expect.stringContaining('it stays shut'), attributes: { 'cicd.pipeline.task.run.result': 'failure' } })
    expect(named(spans, 'undo start-candidate')).toMatchObject({ parentSpanId: whole.spanId, failed: undefined })
  })

  test('that its caller has left out of their sample is left out of ours, and hands that on', async () => {
    const collector = await startTraceCollector()
    const traced = await trace(collector)
    await release(traced, `00-${job.trace}-${job.span}-00`)
    await release(traced)
    await collector.until((all) => all.some(({ attributes }) => attributes['plimsoll.release'] === 2))
    expect(collector.spans.filter(({ traceId }) => traceId === job.trace)).toEqual([])
    expect(traced.handedOn[0]).toMatch(new RegExp(`^00-${job.trace}-[0-9a-f]{16}-00$`))
  })

  test.each([['with a traceparent that is none', 'a string of words'], ['under a sampler that takes nothing', undefined, 'always_off'] as const])('goes on %s', async (_how, traceparent, sampler?: SamplerName) => {
    const collector = await startTraceCollector()
    const traced = await trace(collector, sampler)
    expect(await release(traced, traceparent)).toMatchObject({ state: 'live' })
    await traced.tracing.close()
    expect(has('RUN release shop')(collector.spans)).toBe(sampler === undefined)
  })
})

describe('a collector that', () => {
  test.each<[string, Parameters<typeof startTraceCollector>[0]]>([
    ['never answers', () => undefined],
    ['refuses', (_request, response) => void response.writeHead(403).end()],
  ])('%s fails no release, and keeps Plimsoll from its end for two seconds at most', async (_what, answer) => {
    const traced = await trace(await startTraceCollector(answer))
    expect(await release(traced)).toMatchObject({ state: 'live' })
    expect(await release(traced)).toMatchObject({ state: 'unchanged' })
    const began = performance.now()
    await traced.tracing.close()
    expect(performance.now() - began).toBeLessThan(4_000)
    expect(traced.reports.length).toBeLessThanOrEqual(1)
    expect(traced.api.faults).toEqual([])
  })
})

test('where nothing is traced, nothing of it is loaded', () => {
  const script = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load: (url, context, next) => { if (/opentelemetry\\/(?:sdk|exporter|resources)/.test(url)) loaded.push(url); return next(url, context) } })
    const { readConfig } = await import(${JSON.stringify(new URL('../src/api.ts', import.meta.url).href)})
    const { openTracing } = await import(${JSON.stringify(new URL('../src/tracing/open-tracing.ts', import.meta.url).href)})
    const off = await openTracing(readConfig({}).tracing, { version: '1', report: console.error })
    console.log(JSON.stringify([off ?? null, loaded]))
  `
  const { stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script], { encoding: 'utf8' })
  expect(stdout, stderr).toBe('[null,[]]\n')
})
