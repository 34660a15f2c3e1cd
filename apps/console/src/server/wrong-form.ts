import type { Problem } from '@plimsoll/model'
import type { z } from 'zod'

/** What is wrong with a form, field by field. */
export function wrongForm(error: z.ZodError): Problem {
  return { code: 'USAGE', message: error.issues.map(({ path, message }) => `${path.filter((part) => part !== 'way').join('.')}: ${message}`).join('; ') }
}
