/** Where a span stands in its trace. */
export interface TracePoint {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  /** Whether it is recorded: what is below it follows suit. */
  readonly sampled: boolean
}

/** Something that took its time, and is over. */
export interface TracedSpan {
  readonly at: TracePoint
  readonly name: string
  /** `server`: somebody from outside asked for it. */
  readonly kind: 'server' | 'internal'
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  /** Why it failed, if it did. */
  readonly failed?: string
  readonly events?: readonly { readonly name: string; readonly atMs: number }[]
}

/** Hands spans to whoever collects traces. Nothing here waits for the collector, and none of it throws. */
export interface Tracing {
  /** A point below `parent`, a W3C traceparent, or at the top of a trace of its own. The same `seed` gives the same point: also after a crash, and in another process. */
  begin(parent: string | undefined, seed?: string): TracePoint
  /** Hands on what is over. What nobody takes is dropped. */
  record(spans: readonly TracedSpan[]): void
  /** Hands over what waits, for two seconds at most. */
  close(): Promise<void>
}

/** `point` as those below it are told of it. */
export function traceparentOf({ traceId, spanId, sampled }: TracePoint): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`
}
