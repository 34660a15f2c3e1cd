import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { sizeInPlanName } from './plans.ts'

test.each([
  ['0.1c-256mb', { cpus: 0.1, memoryMb: 256 }],
  ['16c-128g', { cpus: 16, memoryMb: 131_072 }],
  ['basic-1gb', { memoryMb: 1_024 }],
  ['accelerated-64gb', { memoryMb: 65_536 }],
  ['256mb', { memoryMb: 256 }],
  ['5g', { memoryMb: 5_120 }],
  ['pro plus', undefined],
  ['starter', undefined],
  [undefined, undefined],
])('the plan %s says %j', (plan, said) => {
  expect(sizeInPlanName(plan)).toEqual(said)
})

const schema = new URL('../../../../shared/data/render-blueprint.schema.json', import.meta.url)
const plansSchema = z.object({ definitions: z.object({ postgresPlan: z.object({ enum: z.array(z.string()) }), keyValuePlan: z.object({ enum: z.array(z.string()) }) }) })

test.skipIf(!existsSync(schema))("every plan of Render's schema that has a number in its name says a size (skipped: no schema of Render's beside the repository)", () => {
  const { postgresPlan, keyValuePlan } = plansSchema.parse(JSON.parse(readFileSync(schema, 'utf8'))).definitions
  const numbered = [...postgresPlan.enum, ...keyValuePlan.enum].filter((plan) => /\d/.test(plan))
  expect(numbered.filter((plan) => sizeInPlanName(plan) === undefined)).toEqual([])
  expect(numbered.length).toBeGreaterThan(40)
})
