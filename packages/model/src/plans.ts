/** What a plan of a server gives each of its instances. */
export interface PlanSize {
  readonly cpus: number
  readonly memoryMb: number
}

/**
 * Plans of web services, private services, workers and cron jobs, as Render lists them (render.com/pricing, and the Blueprint
 * reference for the names that say their size).
 */
export const serverPlans = {
  free: { cpus: 0.1, memoryMb: 512 },
  starter: { cpus: 0.5, memoryMb: 512 },
  standard: { cpus: 1, memoryMb: 2_048 },
  pro: { cpus: 2, memoryMb: 4_096 },
  'pro plus': { cpus: 4, memoryMb: 8_192 },
  'pro max': { cpus: 4, memoryMb: 16_384 },
  'pro ultra': { cpus: 8, memoryMb: 32_768 },
  '0.5c-512mb': { cpus: 0.5, memoryMb: 512 },
  '1c-2g': { cpus: 1, memoryMb: 2_048 },
  '2c-4g': { cpus: 2, memoryMb: 4_096 },
  '2c-8g': { cpus: 2, memoryMb: 8_192 },
  '2c-16g': { cpus: 2, memoryMb: 16_384 },
  '4c-8g': { cpus: 4, memoryMb: 8_192 },
  '4c-16g': { cpus: 4, memoryMb: 16_384 },
  '4c-32g': { cpus: 4, memoryMb: 32_768 },
  '8c-16g': { cpus: 8, memoryMb: 16_384 },
  '8c-32g': { cpus: 8, memoryMb: 32_768 },
  '8c-64g': { cpus: 8, memoryMb: 65_536 },
  '12c-24g': { cpus: 12, memoryMb: 24_576 },
  '12c-48g': { cpus: 12, memoryMb: 49_152 },
  '12c-96g': { cpus: 12, memoryMb: 98_304 },
} as const satisfies Record<string, PlanSize>

/** What a new service gets when its Blueprint names no plan. */
export const defaultPlan = 'starter'

/** A plan that is not in the list, or none, is the default one. */
export function sizeOfPlan(plan: string | undefined): PlanSize {
  const known: Readonly<Record<string, PlanSize>> = serverPlans
  return known[plan ?? defaultPlan] ?? serverPlans[defaultPlan]
}

/**
 * What the plan of a database or of a key-value service says of its size by its own name, as most of Render's do: `2c-8g`, `basic-256mb`, `pro-4gb`, `5g`.
 * Undefined for no plan, and for a name that says nothing (`standard`).
 */
export function sizeInPlanName(plan: string | undefined): { readonly cpus?: number; readonly memoryMb: number } | undefined {
  const { cpus, amount, unit } = /^(?:(?<cpus>\d+(?:\.\d+)?)c-|[a-z]+-)?(?<amount>\d+)(?<unit>mb|gb?)$/.exec(plan ?? '')?.groups ?? {}
  if (amount === undefined) return undefined
  return { ...(cpus !== undefined && { cpus: Number(cpus) }), memoryMb: Number(amount) * (unit === 'mb' ? 1 : 1_024) }
}
