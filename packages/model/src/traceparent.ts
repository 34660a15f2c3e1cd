import { z } from 'zod'

/** A place in a trace, as the W3C Trace Context writes it: version, trace, span, flags. Ids of nothing but zeros are no ids. */
export const traceparentSchema = z.string().regex(/^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/, 'must be a traceparent of the W3C Trace Context')

/** The header that hands `value` on; none for what is not a traceparent, which by the W3C's words counts as none. */
export function traceHeaders(value: string | null | undefined): { readonly traceparent?: string } {
  const read = traceparentSchema.safeParse(value)
  return read.success ? { traceparent: read.data } : {}
}
