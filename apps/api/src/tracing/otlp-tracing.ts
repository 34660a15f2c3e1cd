import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { diag, DiagLogLevel, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Context } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { AlwaysOffSampler, AlwaysOnSampler, BatchSpanProcessor, ParentBasedSampler, SamplingDecision, TraceIdRatioBasedSampler, TracerProvider, type Sampler } from '@opentelemetry/sdk-trace'
import { traceHeaders } from '@plimsoll/model'
import type { TracedSpan, TracePoint, Tracing } from './tracing.ts'
import type { SamplerName, TracingSettings } from './tracing-settings.ts'

export interface OtlpTracing extends TracingSettings {
  readonly version: string
  /** Told once that the collector does not take what it is given. */
  readonly report: (error: unknown) => void
}

/** How long an end of Plimsoll waits for a collector. */
const closeMs = 2_000

/** Sends spans by OTLP, in batches and in the background: a collector that is slow or away costs memory for some thousand spans and nothing else. */
export function createOtlpTracing({ url, sampler: wanted, batch, version, report }: OtlpTracing): Tracing {
  let told = false
  let closed: Promise<void> | undefined
  const tell = (message: string): void => {
    if (told) return
    told = true
    report(new Error(`Traces do not reach ${new URL(url).origin}, which is told this once: ${message}`))
  }
  diag.setLogger({ error: tell, warn: tell, info: () => undefined, debug: () => undefined, verbose: () => undefined }, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })

  const ids = new GivenIds()
  const exporter = new OTLPTraceExporter({ url })
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': 'plimsoll', 'service.version': version })).merge(detectResources({ detectors: [envDetector] })),
    idGenerator: ids,
    // What is not to be recorded comes to no span at all: that was settled where its point began.
    sampler: new AlwaysOnSampler(),
    spanProcessors: [new BatchSpanProcessor({ exporter, ...batch })],
  })
  const tracer = provider.getTracer('plimsoll', version)
  const sampler = samplerOf(wanted)

  const hand = ({ at, name, kind, startMs, endMs, attributes, failed, events = [] }: TracedSpan): void => {
    ids.next = at
    const span = tracer.startSpan(name, { kind: kind === 'server' ? SpanKind.SERVER : SpanKind.INTERNAL, startTime: startMs, attributes }, contextAbove(at))
    for (const event of events) span.addEvent(event.name, event.atMs)
    if (failed !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failed })
    span.end(endMs)
  }
  return {
    begin(parent, seed = randomBytes(16).toString('hex')) {
      const [, parentTrace, parentSpanId, flags] = traceHeaders(parent).traceparent?.split('-') ?? []
      const hash = createHash('sha256').update(seed).digest('hex')
      const traceId = parentTrace ?? hash.slice(0, 32)
      const above = parentSpanId === undefined ? undefined : { traceId, spanId: parentSpanId, sampled: isSampled(flags), parentSpanId: undefined }
      const { decision } = sampler.shouldSample(above === undefined ? ROOT_CONTEXT : contextOf(above), traceId, '', SpanKind.INTERNAL, {}, [])
      return { traceId, spanId: hash.slice(32, 48), parentSpanId, sampled: decision === SamplingDecision.RECORD_AND_SAMPLED }
    },
    record(spans) {
      for (const span of spans) if (span.at.sampled) hand(span)
    },
    close() {
      closed ??= Promise.race([provider.shutdown().catch((error: unknown) => tell(String(error))), delay(closeMs, undefined, { ref: false })])
      return closed
    },
  }
}

/** Gives each span the ids that its point has already. */
class GivenIds {
  next: Pick<TracePoint, 'traceId' | 'spanId'> = { traceId: '', spanId: '' }
  generateTraceId(): string {
    return this.next.traceId
  }
  generateSpanId(): string {
    return this.next.spanId
  }
}

function contextAbove({ traceId, parentSpanId, sampled }: TracePoint): Context {
  return parentSpanId === undefined ? ROOT_CONTEXT : contextOf({ traceId, spanId: parentSpanId, sampled })
}

function contextOf({ traceId, spanId, sampled }: Pick<TracePoint, 'traceId' | 'spanId' | 'sampled'>): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true })
}

function isSampled(flags = '00'): boolean {
  return (Number.parseInt(flags, 16) & TraceFlags.SAMPLED) !== 0
}

function samplerOf({ name, ratio }: { readonly name: SamplerName; readonly ratio: number }): Sampler {
  const root = rootSampler(name, ratio)
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root
}

function rootSampler(name: SamplerName, ratio: number): Sampler {
  if (name.endsWith('traceidratio')) return new TraceIdRatioBasedSampler(ratio)
  return name.endsWith('always_off') ? new AlwaysOffSampler() : new AlwaysOnSampler()
}
