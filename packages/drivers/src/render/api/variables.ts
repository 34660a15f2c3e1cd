import { z } from 'zod'
import type { RenderLine } from './render-line.ts'
import { hidden, pathOf } from './render-request.ts'
import type { RenderNewVariable } from './service-schemas.ts'

export const renderVariableSchema = z.object({ key: z.string(), value: z.string() })
export type RenderVariable = z.infer<typeof renderVariableSchema>

/** A value that is given, or one that Render makes up. */
export type RenderVariableValue = { readonly value: string } | { readonly generateValue: true }

/**
 * The environment variables of one service, those of its groups not counted. They count from the next deploy on. There is nothing that
 * sets all of them at once: Render would drop those that are not named, and with them what a person has set there.
 */
export interface RenderVariables {
  list(serviceId: string, signal: AbortSignal): Promise<readonly RenderVariable[]>
  put(place: VariableOfService, value: RenderVariableValue, signal: AbortSignal): Promise<RenderVariable>
  /** Deleting what is not there does nothing. */
  delete(place: VariableOfService, signal: AbortSignal): Promise<void>
}

export interface VariableOfService {
  readonly serviceId: string
  readonly key: string
}

export function createVariables(line: RenderLine): RenderVariables {
  const entry = z.object({ cursor: z.string(), envVar: renderVariableSchema })
  return {
    async list(serviceId, signal) {
      const found = await line.list(entry, { path: pathOf('services', serviceId, 'env-vars'), to: `list the variables of ${serviceId}` }, signal)
      return found.map(({ envVar }) => envVar)
    },
    put: ({ serviceId, key }, value, signal) => line.write({
      method: 'PUT', path: pathOf('services', serviceId, 'env-vars', key), to: `set ${key} of ${serviceId}`, body: value, shown: shownValue(value), answer: renderVariableSchema,
      pretended: { key, value: 'value' in value ? value.value : hidden },
    }, signal),
    async delete({ serviceId, key }, signal) {
      await line.write({ method: 'DELETE', path: pathOf('services', serviceId, 'env-vars', key), to: `delete ${key} of ${serviceId}`, answer: z.unknown(), pretended: undefined }, signal)
    },
  }
}

/** Any value may be a secret: Render does not say which are. */
export function shownValue<Value extends RenderVariableValue>(value: Value): Value | (Value & { readonly value: string }) {
  return 'value' in value ? { ...value, value: hidden } : value
}

export function shownVariables(variables: readonly RenderNewVariable[]): readonly RenderNewVariable[] {
  return variables.map((each) => shownValue(each))
}
