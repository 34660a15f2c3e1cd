import { describe, expect, test } from 'vitest'
import { parseBlueprint } from './parse-blueprint.ts'
import { unitSpecs } from './unit-specs.ts'
import { wantedResources } from './wanted-resources.ts'

function understood(text: string) {
  const { blueprint, diagnostics } = parseBlueprint(text, { file: 'render.yaml' })
  if (blueprint === undefined) throw new Error(JSON.stringify(diagnostics))
  return blueprint
}

const docker = 'runtime: docker'

describe('a Blueprint', () => {
  test('knows old names by their present ones only', () => {
    const [service] = understood('services: [{ type: web, name: w, env: docker, autoDeploy: false, plan: Starter, domain: a.b, afterFirstDeployCommand: x, pullRequestPreviewsEnabled: true, previewPlan: free }]').services
    expect(service).toMatchObject({
      runtime: 'docker', autoDeployTrigger: 'off', plan: 'starter', domains: ['a.b'], initialDeployHook: 'x', previews: { generation: 'automatic', plan: 'free' },
    })
    expect(understood('services: [{ type: redis, name: kv, ipAllowList: [] }]').services[0]?.kind).toBe('keyvalue')
    expect(understood('previewsEnabled: true\npreviewsExpireAfterDays: 3').previews).toEqual({ generation: 'automatic', expireAfterDays: 3 })
  })

  test('lets the present name win over the old one', () => {
    const [service] = understood("services: [{ type: web, name: w, env: node, runtime: docker, autoDeploy: true, autoDeployTrigger: 'off' }]").services
    expect(service).toMatchObject({ runtime: 'docker', autoDeployTrigger: 'off' })
  })

  test('knows to which environment everything belongs', () => {
    const { services, databases, groups, environments } = understood(`
services: [{ type: web, name: loose, ${docker} }]
ungrouped: { databases: [{ name: pool }] }
projects:
  - name: shop
    environments:
      - name: production
        networking: { isolation: enabled }
        services: [{ type: worker, name: mailer, ${docker} }]
        databases: [{ name: db }]
        envVarGroups: [{ name: g, envVars: [] }]
      - name: staging`)
    expect(services.map(({ name, environment }) => [name, environment?.name])).toEqual([['loose', undefined], ['mailer', 'production']])
    expect(databases.map(({ name, environment }) => [name, environment?.project])).toEqual([['db', 'shop'], ['pool', undefined]])
    expect([...services, ...databases].filter(({ ungrouped }) => ungrouped).map(({ name }) => name)).toEqual(['pool'])
    expect(groups[0]?.environment).toEqual({ project: 'shop', name: 'production' })
    expect(environments).toEqual([
      { project: 'shop', name: 'production', isolated: true },
      { project: 'shop', name: 'staging' },
    ])
  })

  test('merges a build source into its services, whose own keys win', () => {
    const [service] = understood(`
services: [{ type: web, name: w, buildSource: src, startCommand: s, rootDir: apps/w }]
buildSources: [{ name: src, git: { repo: r, branch: main, runtime: node, buildCommand: b, rootDir: apps, envVars: [{ key: A, value: 1 }] } }]`).services
    expect(service).toMatchObject({ runtime: 'node', repo: 'r', branch: 'main', buildCommand: 'b', rootDir: 'apps/w', buildEnv: [{ is: 'value', key: 'A', value: '1' }] })
  })

  test('keeps numbers as they were written, and where each variable stands', () => {
    const [service] = understood(`services:\n  - { type: web, name: w, ${docker}, envVars: [{ key: V, value: 1.10 }] }`).services
    expect(service?.env).toEqual([{ is: 'value', key: 'V', value: '1.10', at: { line: 2, column: 54 } }])
  })
})

describe('unitSpecs', () => {
  test('fills in every default', () => {
    expect(unitSpecs(understood(`services: [{ type: web, name: w, ${docker} }]`))).toEqual([
      { service: 'w', kind: 'web', runtime: 'docker', rootDir: '', docker: { dockerfile: 'Dockerfile', context: '' }, maxShutdownDelayMs: 30_000, instances: 1, reaches: [], plan: 'starter' },
    ])
  })

  test('takes what is written before defaults', () => {
    const [spec] = unitSpecs(understood(`services: [{ type: web, name: w, runtime: node, buildCommand: b, startCommand: s, preDeployCommand: p, initialDeployHook: h, rootDir: ./apps/w/, healthCheckPath: /h, maxShutdownDelaySeconds: 60, numInstances: 3, plan: pro, buildFilter: { paths: [apps/**] } }]`))
    expect(spec).toEqual({
      service: 'w', kind: 'web', runtime: 'node', rootDir: 'apps/w', buildCommand: 'b', startCommand: 's', preDeployCommand: 'p', initialDeployHook: 'h',
      healthCheckPath: '/h', maxShutdownDelayMs: 60_000, instances: 3, reaches: [], plan: 'pro', buildFilter: { paths: ['apps/**'], ignoredPaths: [] },
    })
  })

  test('starts scaled services with their least number of instances', () => {
    const [spec] = unitSpecs(understood(`services: [{ type: web, name: w, ${docker}, scaling: { minInstances: 2, maxInstances: 5, targetCPUPercent: 60 } }]`))
    expect(spec?.instances).toBe(2)
  })

  test('lets a worker overlap that says so, and gives a public service its domains', () => {
    const overlap = 'envVars: [{ key: PLIMSOLL_WORKER_OVERLAP, value: "true" }]'
    expect(unitSpecs(understood(`services: [{ type: worker, name: w, ${docker}, ${overlap} }, { type: worker, name: v, ${docker} }, { type: web, name: s, ${docker}, domains: [shop.example.com] }]`)).map(({ overlaps, domains }) => [overlaps, domains]))
      .toEqual([[true, undefined], [undefined, undefined], [undefined, ['shop.example.com']]])
  })

  test('puts a web service under maintenance that says so, and one that only names its page not', () => {
    const modes = ['{ enabled: true, uri: https://shop.example.com/sorry }', '{ enabled: true }', '{ enabled: false, uri: https://shop.example.com/sorry }', '{ uri: https://shop.example.com/sorry }']
    const services = modes.map((mode, i) => `{ type: web, name: w${i}, ${docker}, maintenanceMode: ${mode} }`)
    expect(unitSpecs(understood(`services: [${services.join(', ')}]`)).map(({ maintenance }) => maintenance)).toEqual([{ uri: 'https://shop.example.com/sorry' }, {}, undefined, undefined])
  })

  test('gives a static site its files, headers and routes in their order', () => {
    const [spec] = unitSpecs(understood('services: [{ type: web, name: h, runtime: static, staticPublishPath: ./dist, headers: [{ path: /*, name: X, value: y }], routes: [{ type: redirect, source: /a, destination: /b }, { type: rewrite, source: /*, destination: /index.html }] }]'))
    expect(spec).toMatchObject({
      kind: 'static',
      staticSite: { publishPath: 'dist', headers: [{ path: '/*', name: 'X', value: 'y' }], routes: [{ type: 'redirect', source: '/a', destination: '/b' }, { type: 'rewrite', source: '/*', destination: '/index.html' }] },
    })
  })

  test('leaves out what outlives releases and what only Render runs', () => {
    const blueprint = understood('services: [{ type: keyvalue, name: kv, ipAllowList: [] }, { type: workflow, name: f, runtime: node, region: ohio, startCommand: s }]')
    expect(unitSpecs(blueprint)).toEqual([])
  })
})

describe('wantedResources', () => {
  test('names databases, key-value services and disks with what a place can honour', () => {
    const blueprint = understood("services: [{ type: keyvalue, name: kv, ipAllowList: [], plan: 1g, maxmemoryPolicy: noeviction, persistenceMode: 'off' }, { type: worker, name: mail, runtime: node, buildCommand: b, startCommand: s, disk: { name: spool, mountPath: /var/spool/mail, sizeGB: 5 } }]\ndatabases: [{ name: db, databaseName: shop, user: shopkeeper, plan: 1c-4g, postgresMajorVersion: '16', readReplicas: [{ name: copy }] }]")
    expect(wantedResources(blueprint)).toEqual({
      disks: [{ service: 'mail', name: 'spool' }],
      databases: [{ name: 'db', databaseName: 'shop', user: 'shopkeeper', plan: '1c-4g', majorVersion: '16' }],
      keyValues: [{ name: 'kv', plan: '1g', maxmemoryPolicy: 'noeviction', persistenceMode: 'off' }],
    })
  })
})
