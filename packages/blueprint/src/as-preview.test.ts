import { describe, expect, test } from 'vitest'
import { asPreview } from './as-preview.ts'
import { parseBlueprint } from './parse-blueprint.ts'
import { unitSpecs } from './unit-specs.ts'
import { wantedResources } from './wanted-resources.ts'

const text = `
services:
  - type: web
    name: web
    runtime: node
    buildCommand: b
    startCommand: s
    domains: [shop.example]
    scaling: { minInstances: 3, maxInstances: 9, targetCPUPercent: 60 }
    previews: { plan: starter, numInstances: 1 }
    envVars:
      - { key: STRIPE, sync: false, previewValue: test_key }
      - { key: MODE, value: live, previewValue: preview }
      - { key: MADE, generateValue: true, previewValue: fixed }
      - { key: SAME, value: same }
      - { key: PRIVATE, sync: false }
      - fromGroup: shared
  - type: keyvalue
    name: cache
    plan: standard
    previewPlan: free
    ipAllowList: []
databases:
  - { name: main, plan: pro-4gb, previewPlan: basic-256mb }
  - { name: other, plan: pro-4gb }
envVarGroups:
  - { name: shared, envVars: [{ key: MAIL, value: all, previewValue: nobody }] }
`

describe('a Blueprint as it holds for a preview', () => {
  const { blueprint, diagnostics } = parseBlueprint(text, { file: 'render.yaml' })
  if (blueprint === undefined) throw new Error(JSON.stringify(diagnostics))
  const preview = asPreview(blueprint)
  const values = (env: readonly object[]) => env.map((entry) => Object.entries(entry).filter(([name, value]) => name !== 'at' && value !== undefined).map(([, value]) => value).join(' '))

  test('has previewValue in place of what stands beside it, in services and groups, and every other value as it is', () => {
    expect(values(preview.services[0]?.env ?? [])).toEqual(['value STRIPE test_key', 'value MODE preview', 'value MADE fixed', 'value SAME same', 'kept PRIVATE', 'fromGroup shared'])
    expect(values(preview.groups[0]?.env ?? [])).toEqual(['value MAIL nobody'])
  })

  test('has the plans and numbers of previews, and no custom domain', () => {
    expect(unitSpecs(preview)[0]).toMatchObject({ plan: 'starter', instances: 1 })
    expect(unitSpecs(preview)[0]).not.toHaveProperty('domains')
    expect(wantedResources(preview).databases.map(({ plan }) => plan)).toEqual(['basic-256mb', 'pro-4gb'])
  })

  test('leaves what it is made from as it was', () => {
    expect(unitSpecs(blueprint)[0]).toMatchObject({ instances: 3, domains: ['shop.example'] })
  })
})
