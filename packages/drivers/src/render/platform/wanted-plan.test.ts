import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { planLeft, planOf, plansOfApi } from './wanted-plan.ts'

const file = new URL('../../../../../../shared/data/render-openapi.json', import.meta.url)
const whyNot = existsSync(file) ? '' : ` (skipped: no ${file.pathname})`

interface Schemas {
  readonly components: { readonly schemas: Readonly<Record<string, { readonly enum?: readonly string[]; readonly properties?: { readonly plan?: { readonly enum?: readonly string[]; readonly $ref?: string } } }>> }
}

test.skipIf(whyNot !== '')(`the plans that are sent are those of Render’s API document${whyNot}`, () => {
  const { components: { schemas } } = JSON.parse(readFileSync(file, 'utf8')) as Schemas
  const listed = (name: string): readonly string[] | undefined => {
    const { enum: own, properties } = schemas[name] ?? {}
    return own ?? properties?.plan?.enum ?? schemas[properties?.plan?.$ref?.split('/').at(-1) ?? '']?.enum
  }
  expect(plansOfApi).toMatchObject({ web: listed('plan'), paid: listed('paidPlan'), keyvalue: listed('keyValuePlan') })
  const databases = JSON.stringify(schemas).match(/"free","starter","standard","pro","pro_plus","custom","basic_256mb"[^\]]*/)?.[0]
  expect(JSON.stringify(plansOfApi.database)).toBe(`[${databases}]`)
})

test.each([
  ['web', 'Pro Plus', 'pro_plus'], ['database', 'basic-1gb', 'basic_1gb'], ['paid', '0.5c-512mb', 'starter'], ['keyvalue', '256mb', 'starter'], ['paid', 'free', undefined], ['database', '4c-16g', undefined],
] as const)('of %s the plan %s is %s to the API', (list, plan, known) => {
  expect(planOf(list, plan)).toBe(known)
  expect(planLeft('web', list, plan)).toHaveLength(known === undefined ? 1 : 0)
})
