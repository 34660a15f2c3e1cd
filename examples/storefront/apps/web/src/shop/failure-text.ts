import 'server-only'
import { ApiRefusal } from './call-api'

/** A refusal is told as it is; what broke on the way is logged, and said in one calm line. */
export function failureText(error: unknown): string {
  if (error instanceof ApiRefusal && error.status < 500) return error.message
  console.error(error)
  return 'That did not go through. Please try again in a moment.'
}
