import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Reply } from '../exchange.ts'
import { leakIn } from '../leaks-in.ts'
import type { Operation, Schema } from './operations.ts'

const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false })
const validators = new WeakMap<Schema, ReturnType<typeof ajv.compile>>()

/** What is wrong with the answer to a generated request, in the order in which it matters: `answers 500`. Undefined when nothing is. */
export function faultIn(reply: Reply, { responses }: Pick<Operation, 'responses'>): string | undefined {
  if (reply.is === 'none') return reply.reason === 'timeout' ? `gives no answer within ${Math.round(reply.ms / 1000)} s` : `breaks off the connection (${reply.reason})`
  const { status, headers, body } = reply
  const leak = leakIn(status, body)
  if (leak !== undefined) return `answers ${status} with ${leak}`
  if (status >= 500 && !responses.has(String(status))) return `answers ${status}`
  const schema = responses.get(String(status)) ?? responses.get(`${String(status).slice(0, 1)}XX`)
  if (schema === undefined || !/[/+]json\b/.test(headers['content-type'] ?? '') || body === '') return undefined
  const wrong = mismatch(schema, body)
  return wrong === undefined ? undefined : `answers ${status} with what its document does not say: ${wrong}`
}

function mismatch(schema: Schema, body: string): string | undefined {
  const validate = validators.get(schema) ?? ajv.compile(schema)
  validators.set(schema, validate)
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return 'it is no JSON'
  }
  if (validate(value)) return undefined
  const [error] = validate.errors ?? []
  return `${error?.instancePath || 'the whole'} ${error?.message ?? 'does not match'}`
}
