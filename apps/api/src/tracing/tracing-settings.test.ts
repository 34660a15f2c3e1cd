import { expect, test } from 'vitest'
import { readTracing } from './tracing-settings.ts'

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' }

test.each<[string, NodeJS.ProcessEnv]>([
  ['there is no endpoint', { OTEL_SERVICE_NAME: 'releases' }],
  ['the endpoint is empty', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }],
  ['the endpoint is no address', { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }],
  ['the SDK is switched off', { ...endpoint, OTEL_SDK_DISABLED: 'TRUE' }],
  ['traces go nowhere', { ...endpoint, OTEL_TRACES_EXPORTER: 'none' }],
])('nothing is traced where %s', (_why, environment) => {
  expect(readTracing(environment)).toBeUndefined()
})

test('traces go below the endpoint of everything, and to that of traces as it stands', () => {
  expect(readTracing(endpoint)?.url).toBe('http://collector:4318/v1/traces')
  expect(readTracing({ ...endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example.com/otlp' })?.url).toBe('https://traces.example.com/otlp')
})

test('the sampler and the batches are those that are set; what is not understood counts as not set', () => {
  expect(readTracing({ ...endpoint, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25', OTEL_BSP_MAX_QUEUE_SIZE: '64' })).toMatchObject({ sampler: { name: 'traceidratio', ratio: 0.25 }, batch: { maxQueueSize: 64 } })
  expect(readTracing({ ...endpoint, OTEL_TRACES_SAMPLER: 'jaeger_remote', OTEL_TRACES_SAMPLER_ARG: 'endpoint=x', OTEL_BSP_SCHEDULE_DELAY: 'soon' })).toMatchObject({ sampler: { name: 'parentbased_always_on', ratio: 1 }, batch: {} })
})
