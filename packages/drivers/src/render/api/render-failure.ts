import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'

/** An answer of 400 and above. */
export interface RenderRefusal {
  /** In the words that follow "could not". */
  readonly to: string
  readonly status: number
  /** In Render's words. */
  readonly said: string
  /** By which Render's support finds the request. */
  readonly requestId?: string | undefined
}

/** Throws nothing; gives what to throw. */
export function renderRefused({ to, status, said, requestId }: RenderRefusal): PlimsollError {
  const details = { status, said, ...(requestId !== undefined && { requestId }) }
  if (status === 401) return new PlimsollError('RENDER_REFUSED', `Render does not know the API key that it was shown, and did not ${to}: ${said}`, { hint: 'Make another one in the dashboard under Account Settings → API Keys, and give it as RENDER_API_KEY', details })
  if (status === 402) return new PlimsollError('PLACE_CANNOT', `Render asks for means of payment before it would ${to}: ${said}`, { hint: 'Add them in the dashboard under Billing, or choose plan: free', details })
  if (status === 403) return new PlimsollError('RENDER_REFUSED', `Whoever the API key belongs to may not ${to}: ${said}`, { hint: 'Use the API key of a member of the workspace who may', details })
  if (status === 404 || status === 410) return new PlimsollError('RENDER_REFUSED', `Render could not ${to}, because it is not there: ${said}`, { hint: 'See in the dashboard whether somebody has deleted it', details })
  return new PlimsollError('RENDER_REFUSED', `Render did not ${to}: ${said}`, { hint: 'What is live there has not changed by this. Correct what Render names, and try again', details })
}

/** For what was not answered, or answered with a failure of Render's own, however often it was asked. */
export function renderDown({ to, why, cause }: { readonly to: string; readonly why: string; readonly cause?: unknown }): PlimsollError {
  return new PlimsollError('RENDER_DOWN', `Render could not be got to ${to}: ${why}`, { hint: 'What is live there serves on. Whether Render is well: https://status.render.com. Then try again', cause })
}

/** For requests that Render allows only after a time that is longer than what is waited. */
export function renderBusy({ to, waitMs }: { readonly to: string; readonly waitMs: number }): PlimsollError {
  const retryAfterS = Math.ceil(waitMs / 1000)
  return new PlimsollError('RENDER_DOWN', `Render allows no more requests of this kind for ${retryAfterS} s, and was not asked to ${to}`, { hint: `Try again in ${Math.ceil(waitMs / 60_000)} min`, details: { retryAfterS } })
}

/** For an answer that does not hold what Render's API promises. */
export function renderDiffers({ to, cause }: { readonly to: string; readonly cause: unknown }): PlimsollError {
  const why = cause instanceof z.ZodError ? z.prettifyError(cause) : 'it is no JSON'
  return new PlimsollError('RENDER_DOWN', `Render was asked to ${to} and answered with something else: ${why}`, { hint: 'See that nothing stands between Plimsoll and Render that answers in its place', cause })
}

const saidSchema = z.object({ message: z.string() })

/** Render's own words in an answer of 400 and above. */
export function saidIn(text: string): string {
  try {
    return saidSchema.parse(JSON.parse(text)).message
  } catch {
    // No JSON of Render's: a gateway before it, say. Its words are all there is.
    return text.trim().slice(0, 200)
  }
}
