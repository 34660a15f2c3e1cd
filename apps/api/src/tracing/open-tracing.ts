import type { OtlpTracing } from './otlp-tracing.ts'
import type { Tracing } from './tracing.ts'
import type { TracingSettings } from './tracing-settings.ts'

/** What records spans; undefined, and nothing of it loaded, where nothing is to be traced. Never throws: without it Plimsoll does all that it does. */
export async function openTracing(settings: TracingSettings | undefined, rest: Omit<OtlpTracing, keyof TracingSettings>): Promise<Tracing | undefined> {
  if (settings === undefined) return undefined
  try {
    const { createOtlpTracing } = await import('./otlp-tracing.ts')
    return createOtlpTracing({ ...settings, ...rest })
  } catch (error) {
    rest.report(error)
    return undefined
  }
}
