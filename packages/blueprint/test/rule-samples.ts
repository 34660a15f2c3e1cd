import type { BlueprintRule } from '../src/blueprint.ts'

export interface RuleSample {
  readonly rule: BlueprintRule
  /** Breaks the rule at `path`. */
  readonly bad: string
  readonly path: string
  /** The same without the fault. */
  readonly good: string
}

const native = 'runtime: node, buildCommand: b, startCommand: s'
/** A document with one web service that has these further keys, in flow style. */
const web = (more: string) => `services: [{ type: web, name: api, ${native}, ${more} }]`
const typed = (type: string, more: string) => `services: [{ type: ${type}, name: api, ${native}, ${more} }]`
const site = (more: string) => `services: [{ type: web, name: help, runtime: static, staticPublishPath: dist, ${more} }]`
const env = (entries: string) => web(`envVars: [${entries}]`)
const database = (more: string) => `databases: [{ name: db, ipAllowList: [], ${more} }]`
const two = (first: string, second: string) => `services: [{ type: web, name: a, ${native}, ${first} }, { type: web, name: b, ${native}, ${second} }]`
const groups = (entries: string, list: string) => `services: [{ type: web, name: api, ${native}, envVars: [${entries}] }]\nenvVarGroups: [${list}]`
const sourced = (more: string) => `services: [{ type: web, name: api, startCommand: s, buildSource: src, ${more} }]\nbuildSources: [{ name: src, git: { repo: r, runtime: node, buildCommand: b } }]`
const from = (name: string, what: string, type = 'web') => `{ key: X, fromService: { type: ${type}, name: ${name}, ${what} } }`
const split = (first: string, second: string) => `projects: [{ name: p, environments: [{ name: one, ${first} }, { name: two, ${second} }] }]`

function sample(rule: BlueprintRule, path: string, bad: string, good: string): RuleSample {
  return { rule, path, bad, good }
}

/** At least one for every rule; that is tested too. */
export const ruleSamples: readonly RuleSample[] = [
  sample('yaml-syntax', '', 'services: [', 'services: []'),
  sample('yaml-syntax', '', 'services: []\n---\nservices: []', 'services: []'),
  sample('yaml-syntax', '', 'schedule: * * * * *', 'services: []'),
  sample('yaml-syntax', '', 'services: &a\n  - *a', 'services: []'),
  sample('yaml-tag', '', 'services: !mine []', 'services: []'),
  sample('yaml-boolean', 'services[0].autoDeployTrigger', web('autoDeployTrigger: off'), web("autoDeployTrigger: 'off'")),
  sample('yaml-boolean', 'services[0].envVars[0].value', env('{ key: A, value: yes }'), env('{ key: A, value: "yes" }')),
  sample('yaml-number', 'services[0].envVars[0].value', env('{ key: A, value: 22.10 }'), env('{ key: A, value: 22.1 }')),
  sample('yaml-number', 'services[0].envVars[0].value', env('{ key: A, value: 0x10 }'), env('{ key: A, value: 16 }')),
  sample('duplicate-key', 'services', 'services: []\ndatabases: []\nservices: []', 'services: []\ndatabases: []'),
  sample('merge-key', 'databases[1]."<<"', 'databases:\n  - &a { name: a, ipAllowList: [] }\n  - { <<: *a, name: b }', 'databases: [{ name: a, ipAllowList: [] }]'),

  sample('unknown-key', 'crons', 'crons: []', 'services: []'),
  sample('unknown-key', 'services[0].helthCheckPath', web('helthCheckPath: /x'), web('healthCheckPath: /x')),
  sample('unknown-key', 'services[0].scaling.min', web('scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 50, min: 1 }'), web('scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 50 }')),
  sample('missing-key', 'services[0]', 'services: [{ type: web, name: api }]', web('')),
  sample('missing-key', 'services[0]', 'services: [{ type: cron, name: c, runtime: docker }]', 'services: [{ type: cron, name: c, runtime: docker, schedule: "* * * * *" }]'),
  sample('missing-key', 'services[0]', 'services: [{ type: keyvalue, name: kv }]', 'services: [{ type: keyvalue, name: kv, ipAllowList: [] }]'),
  sample('missing-key', 'services[0]', 'services: [{ type: web, name: help, runtime: static }]', site('')),
  sample('missing-key', 'services[0].buildFilter', web('buildFilter: {}'), web('buildFilter: { paths: [a] }')),
  sample('missing-key', 'services[0].envVars[0]', env('{ value: 1 }'), env('{ key: A, value: 1 }')),
  sample('missing-key', 'envVarGroups[0]', 'envVarGroups: [{ name: g }]', 'envVarGroups: [{ name: g, envVars: [] }]'),
  sample('wrong-kind-key', 'services[0].plan', site('plan: starter'), site('rootDir: apps/help')),
  sample('wrong-kind-key', 'services[0].staticPublishPath', web('staticPublishPath: dist'), web('healthCheckPath: /x')),
  sample('wrong-kind-key', 'services[0].envVars[0].previewValue', env('{ key: A, previewValue: 1, fromService: { type: web, name: api, property: host } }'), env(from('api', 'property: host'))),
  sample('wrong-kind-key', 'services[0].envVars[0].key', groups('{ key: A, fromGroup: g }', '{ name: g, envVars: [] }'), groups('{ fromGroup: g }', '{ name: g, envVars: [] }')),
  sample('wrong-type', 'services', 'services: {}', 'services: []'),
  sample('wrong-type', 'services[0].numInstances', web('numInstances: "2"'), web('numInstances: 2')),
  sample('wrong-type', 'services[0].maxShutdownDelaySeconds', web('maxShutdownDelaySeconds: 30s'), web('maxShutdownDelaySeconds: 30')),
  sample('wrong-type', 'databases[0].postgresMajorVersion', database('postgresMajorVersion: 16'), database('postgresMajorVersion: "16"')),
  sample('wrong-type', 'version', 'version: 1', 'version: "1"'),
  sample('wrong-type', 'services[0].envVars', web('envVars: { A: 1 }'), env('{ key: A, value: 1 }')),
  sample('empty-value', 'services', 'services:', 'services: []'),
  sample('empty-value', 'services[0].envVars[0].value', env('{ key: A, value: }'), env('{ key: A, value: "" }')),
  sample('boolean-value', 'services[0].envVars[0].value', env('{ key: A, value: true }'), env('{ key: A, value: "true" }')),
  sample('unknown-value', 'services[0].region', web('region: paris'), web('region: frankfurt')),
  sample('unknown-value', 'services[0].autoDeployTrigger', web('autoDeployTrigger: on'), web('autoDeployTrigger: commit')),
  sample('unknown-value', 'services[0].plan', web('plan: pro_plus'), web('plan: pro plus')),
  sample('unknown-value', 'services[0].plan', 'services: [{ type: cron, name: c, runtime: docker, schedule: "* * * * *", plan: free }]', 'services: [{ type: cron, name: c, runtime: docker, schedule: "* * * * *", plan: starter }]'),
  sample('unknown-value', 'databases[0].plan', database('plan: basic_256mb'), database('plan: basic-256mb')),
  sample('out-of-range', 'services[0].maxShutdownDelaySeconds', web('maxShutdownDelaySeconds: 301'), web('maxShutdownDelaySeconds: 300')),
  sample('out-of-range', 'services[0].scaling.targetCPUPercent', web('scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 91 }'), web('scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 90 }')),
  sample('out-of-range', 'databases[0].readReplicas[5]', database(`readReplicas: [${[1, 2, 3, 4, 5, 6].map((n) => `{ name: r${n} }`).join(', ')}]`), database('readReplicas: [{ name: r1 }]')),
  sample('unknown-service-type', 'services[0].type', 'services: [{ type: static, name: help, staticPublishPath: dist }]', site('')),
  sample('unknown-service-type', 'services[0].type', typed('wokrer', ''), typed('worker', '')),
  sample('malformed-value', 'services[0].healthCheckPath', web('healthCheckPath: healthz'), web('healthCheckPath: /healthz')),
  sample('malformed-value', 'services[0].rootDir', web('rootDir: apps/../../x'), web('rootDir: apps/../x')),
  sample('malformed-value', 'services[0].schedule', 'services: [{ type: cron, name: c, runtime: docker, schedule: "@daily" }]', 'services: [{ type: cron, name: c, runtime: docker, schedule: "0 0 * * *" }]'),
  sample('malformed-value', 'services[0].envVars[0].key', env('{ key: A=B, value: 1 }'), env('{ key: A_B, value: 1 }')),
  sample('malformed-value', 'databases[0].ipAllowList[0].source', 'databases: [{ name: db, ipAllowList: [{ source: 10.0.0.0/33 }] }]', 'databases: [{ name: db, ipAllowList: [{ source: 10.0.0.0/32 }] }]'),
  sample('malformed-value', 'services[0].routes[0].source', site('routes: [{ type: rewrite, source: https://a.b/, destination: / }]'), site('routes: [{ type: rewrite, source: /*, destination: / }]')),
  sample('malformed-value', 'services[0].maintenanceMode.uri', web('maintenanceMode: { enabled: true, uri: /down }'), web('maintenanceMode: { enabled: true, uri: https://down.example.com }')),
  sample('deprecated-key', 'services[0].env', 'services: [{ type: web, name: api, env: docker }]', 'services: [{ type: web, name: api, runtime: docker }]'),
  sample('deprecated-key', 'services[0].autoDeploy', web('autoDeploy: false'), web("autoDeployTrigger: 'off'")),
  sample('deprecated-key', 'services[0].previewPlan', web('previewPlan: starter'), web('previews: { plan: starter }')),
  sample('deprecated-key', 'services[0].pullRequestPreviewsEnabled', site('pullRequestPreviewsEnabled: true'), site('previews: { generation: automatic }')),
  sample('deprecated-key', 'services[0].afterFirstDeployCommand', web('afterFirstDeployCommand: x'), web('initialDeployHook: x')),
  sample('deprecated-key', 'services[0].domain', web('domain: a.example.com'), web('domains: [a.example.com]')),
  sample('deprecated-key', 'previewsEnabled', 'previewsEnabled: true', 'previews: { generation: automatic }'),
  sample('deprecated-value', 'services[0].type', 'services: [{ type: redis, name: kv, ipAllowList: [] }]', 'services: [{ type: keyvalue, name: kv, ipAllowList: [] }]'),
  sample('deprecated-value', 'databases[0].plan', database('plan: Basic-1gb'), database('plan: basic-1gb')),
  sample('template-key', 'services[0].envVars[0].description', env('{ key: A, value: 1, description: x }'), env('{ key: A, value: 1 }')),

  sample('duplicate-name', 'services[1].name', 'services: [{ type: keyvalue, name: kv, ipAllowList: [] }, { type: keyvalue, name: kv, ipAllowList: [] }]', two('', '')),
  sample('duplicate-name', 'services[1].name', 'services: [{ type: keyvalue, name: My KV, ipAllowList: [] }, { type: keyvalue, name: my-kv, ipAllowList: [] }]', two('', '')),
  sample('duplicate-name', 'databases[0].readReplicas[0].name', database('readReplicas: [{ name: db }]'), database('readReplicas: [{ name: db-copy }]')),
  sample('duplicate-name', 'ungrouped.databases[0].name', `${database('')}\nungrouped: { databases: [{ name: db }] }`, database('')),
  sample('duplicate-name', 'projects[0].environments[1].name', 'projects: [{ name: p, environments: [{ name: e }, { name: e }] }]', 'projects: [{ name: p, environments: [{ name: e }, { name: f }] }]'),
  sample('dangling-reference', 'services[0].envVars[0].fromService.name', env(from('apy', 'property: host')), env(from('api', 'property: host'))),
  sample('dangling-reference', 'services[0].envVars[0].fromService.envVarKey', env(from('api', 'envVarKey: NOPE')), env(from('api', 'envVarKey: RENDER_EXTERNAL_URL'))),
  sample('dangling-reference', 'services[0].envVars[0].fromService.envVarKey', typed('worker', `envVars: [${from('api', 'envVarKey: RENDER_EXTERNAL_URL', 'worker')}]`), typed('worker', `envVars: [${from('api', 'envVarKey: RENDER', 'worker')}]`)),
  sample('dangling-reference', 'services[0].envVars[0].fromDatabase.name', env('{ key: A, fromDatabase: { name: db, property: host } }'), `${env('{ key: A, fromDatabase: { name: db, property: host } }')}\n${database('')}`),
  sample('dangling-reference', 'services[0].envVars[0].fromGroup', env('{ fromGroup: g }'), groups('{ fromGroup: g }', '{ name: g, envVars: [] }')),
  sample('dangling-reference', 'services[0].buildSource', 'services: [{ type: web, name: api, buildSource: nope }]', sourced('')),
  sample('reference-type', 'services[0].envVars[0].fromService.type', env(from('api', 'property: host', 'pserv')), env(from('api', 'property: host'))),
  sample('reference-property', 'services[0].envVars[0].fromService.property', env(from('api', 'property: connectionString')), env(from('api', 'property: hostport'))),
  sample('reference-property', 'services[0].envVars[0].fromService.property', typed('worker', `envVars: [${from('api', 'property: host', 'worker')}]`), env(from('api', 'property: host'))),
  sample('reference-form', 'services[0].envVars[0].fromService', env('{ key: X, fromService: { type: web, name: api } }'), env(from('api', 'property: host'))),
  sample('reference-form', 'services[0].envVars[0].fromService.envVarKey', env(from('api', 'property: host, envVarKey: PORT')), env(from('api', 'envVarKey: PORT'))),
  sample('reference-cycle', 'services[0].envVars[0].fromService', two(`envVars: [${from('b', 'envVarKey: X')}]`, `envVars: [${from('a', 'envVarKey: X')}]`), two(`envVars: [${from('b', 'envVarKey: X')}]`, 'envVars: [{ key: X, value: 1 }]')),
  sample('reference-cycle', 'services[0].envVars[0].fromService', env(from('api', 'envVarKey: X')), env(`${from('api', 'envVarKey: Y')}, { key: Y, value: 1 }`)),
  sample('cross-environment', 'projects[0].environments[1].services[0].envVars[0].fromDatabase', split('databases: [{ name: db }]', env('{ key: A, fromDatabase: { name: db, property: host } }')), split('databases: []', `databases: [{ name: db }], ${env('{ key: A, fromDatabase: { name: db, property: host } }')}`)),

  sample('env-forms', 'services[0].envVars[0]', env('{ key: A, value: 1, fromService: { type: web, name: api, property: host } }'), env('{ key: A, value: 1 }')),
  sample('env-exclusive', 'services[0].envVars[0].generateValue', env('{ key: A, value: 1, generateValue: true }'), env('{ key: A, value: 1, generateValue: false }')),
  sample('env-exclusive', 'services[0].envVars[0].sync', env('{ key: A, value: 1, sync: false }'), env('{ key: A, value: 1, sync: true }')),
  sample('env-without-value', 'services[0].envVars[0]', env('{ key: A }'), env('{ key: A, sync: false }')),
  sample('duplicate-env-key', 'services[0].envVars[1].key', env('{ key: A, value: 1 }, { key: A, value: 2 }'), env('{ key: A, value: 1 }, { key: B, value: 2 }')),
  sample('group-literal-only', 'envVarGroups[0].envVars[0]', groups('', `{ name: g, envVars: [${from('api', 'property: host')}] }`), groups('', '{ name: g, envVars: [{ key: A, value: 1 }] }')),
  sample('group-sync-false', 'envVarGroups[0].envVars[0].sync', groups('', '{ name: g, envVars: [{ key: A, sync: false }] }'), groups('', '{ name: g, envVars: [{ key: A, generateValue: true }] }')),
  sample('group-linked-twice', 'services[0].envVars[1].fromGroup', groups('{ fromGroup: g }, { fromGroup: g }', '{ name: g, envVars: [] }'), groups('{ fromGroup: g }', '{ name: g, envVars: [] }')),
  sample('group-overlap', 'services[0].envVars[1].fromGroup', groups('{ fromGroup: g }, { fromGroup: h }', '{ name: g, envVars: [{ key: A, value: 1 }] }, { name: h, envVars: [{ key: A, value: 2 }] }'), groups('{ fromGroup: g }, { fromGroup: h }, { key: A, value: 3 }', '{ name: g, envVars: [{ key: A, value: 1 }] }, { name: h, envVars: [{ key: A, value: 2 }] }')),

  sample('static-runtime', 'services[0].runtime', 'services: [{ type: pserv, name: p, runtime: static }]', site('')),
  sample('missing-command', 'services[0]', 'services: [{ type: web, name: api, runtime: node, buildCommand: b }]', web('')),
  sample('missing-command', 'services[0]', 'services: [{ type: cron, name: c, schedule: "* * * * *", runtime: python, startCommand: s }]', 'services: [{ type: cron, name: c, schedule: "* * * * *", runtime: docker }]'),
  sample('missing-command', 'buildSources[0].git', 'buildSources: [{ name: src, git: { repo: r, runtime: node } }]', sourced('')),
  sample('image-source', 'services[0].runtime', 'services: [{ type: web, name: w, runtime: image }]', 'services: [{ type: web, name: w, runtime: image, image: { url: nginx } }]'),
  sample('image-source', 'services[0].repo', 'services: [{ type: web, name: w, runtime: image, image: { url: nginx }, repo: r }]', 'services: [{ type: web, name: w, runtime: image, image: { url: nginx } }]'),
  sample('image-source', 'services[0].image', web('image: { url: nginx }'), web('')),
  sample('build-source', 'services[0].repo', sourced('repo: r'), sourced('')),
  sample('build-source', 'buildSources[0].image', 'buildSources: [{ name: s, git: { repo: r, runtime: docker }, image: { url: nginx } }]', 'buildSources: [{ name: s, image: { url: nginx } }]'),
  sample('build-source', 'buildSources[0].git.baseDir', 'buildSources: [{ name: s, git: { repo: r, runtime: go, buildCommand: b, baseDir: x } }]', 'buildSources: [{ name: s, git: { repo: r, runtime: docker, baseDir: x } }]'),
  sample('scaling-limits', 'services[0].scaling.minInstances', web('scaling: { minInstances: 3, maxInstances: 2, targetCPUPercent: 50 }'), web('scaling: { minInstances: 2, maxInstances: 2, targetCPUPercent: 50 }')),
  sample('scaling-limits', 'services[0].scaling', web('scaling: { minInstances: 1, maxInstances: 2 }'), web('scaling: { minInstances: 1, maxInstances: 2, targetMemoryPercent: 50 }')),
  sample('scaling-wins', 'services[0].numInstances', web('numInstances: 2, scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 50 }'), web('scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 50 }')),
  sample('disk-scale', 'services[0].numInstances', web('numInstances: 2, disk: { name: d, mountPath: /d }'), web('numInstances: 1, disk: { name: d, mountPath: /d }')),
  sample('disk-mount', 'services[0].disk.mountPath', web('disk: { name: d, mountPath: /etc/secrets/ }'), web('disk: { name: d, mountPath: /opt/render/project/src/data }')),
  sample('disk-downtime', 'services[0].disk', web('disk: { name: d, mountPath: /d }'), web('')),
  sample('key-without-effect', 'services[0].healthCheckPath', typed('worker', 'healthCheckPath: /x'), web('healthCheckPath: /x')),
  sample('key-without-effect', 'services[0].dockerCommand', web('dockerCommand: x'), 'services: [{ type: web, name: w, runtime: docker, dockerCommand: x }]'),
  sample('key-without-effect', 'services[0].startCommand', 'services: [{ type: web, name: w, runtime: docker, startCommand: x }]', web('')),
  sample('free-plan', 'services[0].plan', typed('worker', 'plan: free'), web('plan: free')),
  sample('free-plan', 'services[0].preDeployCommand', web('plan: free, preDeployCommand: x'), web('plan: starter, preDeployCommand: x')),
  sample('free-plan', 'services[0].numInstances', web('plan: free, numInstances: 2'), web('plan: free, numInstances: 1')),
  sample('free-private-target', 'services[0].envVars[0].fromService.property', web(`plan: free, envVars: [${from('api', 'property: host')}]`), web(`plan: free, envVars: [${from('api', 'envVarKey: RENDER_EXTERNAL_URL')}]`)),
  sample('subdomain-policy', 'services[0].renderSubdomainPolicy', web('renderSubdomainPolicy: disabled'), web('renderSubdomainPolicy: disabled, domains: [a.example.com]')),
  sample('branch-previews', 'services[0].branch', `previews: { generation: automatic }\n${web('branch: main')}`, web('branch: main')),
  sample('region-split', 'services[0].envVars[0].fromService', two(`region: ohio, envVars: [${from('b', 'property: host')}]`, 'region: oregon'), two(`region: ohio, envVars: [${from('b', 'property: host')}]`, 'region: ohio')),
  sample('region-split', 'services[0].envVars[0].fromDatabase', `${web('region: ohio, envVars: [{ key: A, fromDatabase: { name: db, property: host } }]')}\n${database('')}`, `${web('envVars: [{ key: A, fromDatabase: { name: db, property: host } }]')}\n${database('region: oregon')}`),

  sample('disk-size', 'databases[0].diskSizeGB', database('diskSizeGB: 12'), database('diskSizeGB: 15')),
  sample('open-database', 'databases[0]', 'databases: [{ name: db }]', database('')),

  sample('node-env-build', 'services[0].envVars[0]', 'services: [{ type: web, name: api, runtime: node, buildCommand: pnpm install && pnpm build, startCommand: s, envVars: [{ key: NODE_ENV, value: production }] }]', 'services: [{ type: web, name: api, runtime: node, buildCommand: pnpm install --prod=false && pnpm build, startCommand: s, envVars: [{ key: NODE_ENV, value: production }] }]'),
  sample('corepack-enable', 'services[0].buildCommand', 'services: [{ type: web, name: api, runtime: node, buildCommand: corepack enable && pnpm i, startCommand: s }]', web('')),
  sample('no-interpolation', 'services[0].envVars[0].value', env('{ key: A, value: "http://${HOST}" }'), env('{ key: A, value: "http://host" }')),
  sample('host-no-scheme', 'services[0].envVars[0].fromService', env('{ key: API_URL, fromService: { type: web, name: api, property: hostport } }'), env('{ key: API_HOST, fromService: { type: web, name: api, property: hostport } }')),
  sample('public-from-private', 'services[0].envVars[0].fromService', env('{ key: NEXT_PUBLIC_API_URL, fromService: { type: web, name: api, property: hostport } }'), env('{ key: NEXT_PUBLIC_API_URL, fromService: { type: web, name: api, envVarKey: RENDER_EXTERNAL_URL } }')),
  sample('literal-secret', 'services[0].envVars[0].value', env('{ key: SESSION_SECRET, value: hunter2 }'), env('{ key: TOKEN_TTL, value: 60 }')),
  sample('literal-secret', 'services[0].envVars[0].value', env('{ key: DATABASE_URL, value: "postgres://u:p@h/d" }'), env('{ key: DATABASE_URL, value: "postgres://h/d" }')),
]
