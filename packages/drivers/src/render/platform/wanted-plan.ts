/** The plans that Render's API document names; Blueprints may name others, which stand for a size. */
export const plansOfApi = {
  web: ['starter', 'starter_plus', 'standard', 'standard_plus', 'pro', 'pro_plus', 'pro_max', 'pro_ultra', 'free', 'custom'],
  /** Of services that cannot be free. */
  paid: ['starter', 'standard', 'pro', 'pro_plus', 'pro_max', 'pro_ultra'],
  keyvalue: ['free', 'starter', 'standard', 'pro', 'pro_plus', 'custom'],
  database: [
    'free', 'starter', 'standard', 'pro', 'pro_plus', 'custom', 'basic_256mb', 'basic_1gb', 'basic_4gb',
    ...['4', '8', '16', '32', '64', '128', '192', '256', '384', '512'].map((size) => `pro_${size}gb`),
    ...['16', '32', '64', '128', '256', '384', '512', '768', '1024'].map((size) => `accelerated_${size}gb`),
  ],
} as const satisfies Record<string, readonly string[]>
export type PlanList = keyof typeof plansOfApi

/** Two names of one plan: the Blueprint's documentation says which size the old name stands for. */
const sameAs: Readonly<Record<PlanList, Readonly<Record<string, string>>>> = { web: { '0.5c-512mb': 'starter' }, paid: { '0.5c-512mb': 'starter' }, keyvalue: { '256mb': 'starter' }, database: {} }

/** Blueprints write `pro plus` and `basic-1gb`, the API `pro_plus` and `basic_1gb`. Undefined for what the API does not know by any name. */
export function planOf(list: PlanList, plan: string): string | undefined {
  const known: readonly string[] = plansOfApi[list]
  const small = plan.toLowerCase()
  const name = sameAs[list][small] ?? small.replaceAll(/[ -]/g, '_')
  return known.includes(name) ? name : undefined
}

/** The sentence about a plan that is not sent, or nothing. */
export function planLeft(name: string, list: PlanList, plan: string | undefined): string[] {
  return plan === undefined || planOf(list, plan) !== undefined ? [] : [`plan of ${name} is not set: Render’s API knows no plan ${plan}. Choose it in the dashboard`]
}
