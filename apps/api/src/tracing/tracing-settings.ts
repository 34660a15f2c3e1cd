import { z } from 'zod'

/** What the standard variables of OpenTelemetry say about traces. Those of the exporter (headers, timeout, compression, certificates) it reads itself. */
export interface TracingSettings {
  /** Where spans are sent, by OTLP over HTTP. */
  readonly url: string
  readonly sampler: { readonly name: SamplerName; readonly ratio: number }
  readonly batch: { readonly scheduledDelayMillis?: number; readonly exportTimeoutMillis?: number; readonly maxQueueSize?: number; readonly maxExportBatchSize?: number }
}

const samplerNames = ['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const
export type SamplerName = (typeof samplerNames)[number]

// What is not understood counts as not set, as the specification asks: these variables may be meant for every program of the machine, and none of them is to keep Plimsoll from starting.
const count = z.coerce.number().int().positive().optional().catch(undefined)
const settingsSchema = z.object({
  OTEL_SDK_DISABLED: z.string().optional().transform((value) => value?.toLowerCase() === 'true'),
  OTEL_TRACES_EXPORTER: z.string().default('otlp'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional().catch(undefined),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url({ protocol: /^https?$/ }).optional().catch(undefined),
  OTEL_TRACES_SAMPLER: z.enum(samplerNames).catch('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).catch(1),
  OTEL_BSP_SCHEDULE_DELAY: count,
  OTEL_BSP_EXPORT_TIMEOUT: count,
  OTEL_BSP_MAX_QUEUE_SIZE: count,
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: count,
})

/** Undefined where nothing is to be traced: without an endpoint, above all. Never throws. */
export function readTracing(environment: NodeJS.ProcessEnv): TracingSettings | undefined {
  const set = settingsSchema.parse(Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')))
  const url = set.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? below(set.OTEL_EXPORTER_OTLP_ENDPOINT)
  if (set.OTEL_SDK_DISABLED || set.OTEL_TRACES_EXPORTER !== 'otlp' || url === undefined) return undefined
  return {
    url, sampler: { name: set.OTEL_TRACES_SAMPLER, ratio: set.OTEL_TRACES_SAMPLER_ARG },
    batch: {
      ...(set.OTEL_BSP_SCHEDULE_DELAY !== undefined && { scheduledDelayMillis: set.OTEL_BSP_SCHEDULE_DELAY }),
      ...(set.OTEL_BSP_EXPORT_TIMEOUT !== undefined && { exportTimeoutMillis: set.OTEL_BSP_EXPORT_TIMEOUT }),
      ...(set.OTEL_BSP_MAX_QUEUE_SIZE !== undefined && { maxQueueSize: set.OTEL_BSP_MAX_QUEUE_SIZE }),
      ...(set.OTEL_BSP_MAX_EXPORT_BATCH_SIZE !== undefined && { maxExportBatchSize: set.OTEL_BSP_MAX_EXPORT_BATCH_SIZE }),
    },
  }
}

function below(endpoint: string | undefined): string | undefined {
  return endpoint && `${endpoint.replace(/\/$/, '')}/v1/traces`
}
