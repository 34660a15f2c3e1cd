import { randomBytes } from 'node:crypto'
import { generateValue } from '@plimsoll/blueprint'
import { isPlimsollError, type AppName, type Environment, type Source } from '@plimsoll/model'
import { z } from 'zod'
import type { PlacedServices } from '../services.ts'
import { createWiring } from '../wiring.ts'

const missingSchema = z.object({ missing: z.array(z.string()).min(1) })

/**
 * The environments that a build is given, as a release would give them: the artifacts are the same. Values that nobody has set yet, which a release
 * would ask for, are stood in for: CI knows none of them, and a build seldom needs one.
 */
export async function appWithStandIns(services: PlacedServices, { app, source, blueprint }: { readonly app: AppName; readonly source: Source; readonly blueprint: string }, signal: AbortSignal): Promise<Readonly<Record<string, Environment>>> {
  const request = { phase: 'build', blueprint, addresses: {} } as const
  try {
    return await createWiring(services, app, source).environments(request, signal)
  } catch (error) {
    const read = isPlimsollError(error) && error.code === 'VALUE_MISSING' ? missingSchema.safeParse(error.details) : undefined
    if (read?.success !== true) throw error
    return createWiring(withValues(services, Object.fromEntries(read.data.missing.map((key) => [key, generateValue(randomBytes)]))), app, source).environments(request, signal)
  }
}

/** `services` to which these values are kept for every app, and written down nowhere. */
function withValues(services: PlacedServices, more: Readonly<Record<string, string>>): PlacedServices {
  const { keptValues } = services.store
  return { ...services, store: { ...services.store, keptValues: { ...keptValues, values: async (app) => ({ ...more, ...(await keptValues.values(app)) }) } } }
}
