import { serverPlans, sizeOfPlan } from '@plimsoll/model'

const notForCron = ['free', 'pro max', 'pro ultra', '12c-24g', '12c-48g', '12c-96g']

export const serverPlanNames: readonly string[] = Object.keys(serverPlans)

export const cronPlanNames: readonly string[] = serverPlanNames.filter((plan) => !notForCron.includes(plan))

export const keyValuePlanNames: readonly string[] = [
  'free', 'starter', 'standard', 'pro', 'pro plus', 'pro max', 'pro ultra', '256mb', '1g', '3g', '5g', '10g', '20g', '40g', '50g',
]

const sizes = (prefix: string, gigabytes: readonly number[]) => gigabytes.map((size) => `${prefix}-${size}gb`)

export const postgresPlanNames: readonly string[] = [
  'free', 'starter', 'standard', 'pro', 'pro plus', 'basic-256mb',
  ...sizes('basic', [1, 4]),
  ...sizes('pro', [4, 8, 16, 32, 64, 128, 192, 256, 384, 512]),
  ...sizes('accelerated', [16, 32, 64, 128, 256, 384, 512, 768, 1024]),
  '0.1c-256mb', '0.5c-1g', '1c-2g', '1c-4g', '2c-4g', '2c-8g', '2c-16g', '4c-16g', '4c-32g', '8c-32g', '8c-64g', '16c-64g', '16c-128g',
  '32c-128g', '32c-256g', '48c-192g', '48c-384g', '64c-256g', '64c-512g', '96c-384g', '96c-768g', '128c-512g', '128c-1024g',
]

/** CPUs of a server or cron plan, as `RENDER_CPU_COUNT` says them. */
export function cpusOf(plan: string | undefined): number {
  return sizeOfPlan(plan).cpus
}
