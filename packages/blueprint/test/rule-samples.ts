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

const samples: readonly (readonly [rule: BlueprintRule, path: string, bad: string, good: string])[] = [
  ['file-size', '', `services: [] #${'x'.repeat(2 ** 20)}`, 'services: []'],
  ['yaml-syntax', '', 'services: [', 'services: []'],
  ['yaml-syntax', '', 'services: []\n---\nservices: []', 'services: []'],
  ['yaml-syntax', '', 'schedule: * * * * *', 'services: []'],
  ['yaml-syntax', '', 'services: &a\n  - *a', 'services: []'],
  ['yaml-tag', '', 'services: !mine []', 'services: []'],
  ['worker-overlap', 'services[0].envVars[0].value', typed('worker', 'envVars: [{ key: PLIMSOLL_WORKER_OVERLAP, value: "yes" }]'), typed('worker', 'envVars: [{ key: PLIMSOLL_WORKER_OVERLAP, value: "true" }]')],
  ['worker-overlap', 'services[0].envVars[0]', env('{ key: PLIMSOLL_WORKER_OVERLAP, value: "true" }'), typed('worker', 'envVars: [{ key: PLIMSOLL_WORKER_OVERLAP, value: "false" }]')],
  ['yaml-boolean', 'services[0].autoDeployTrigger', web('autoDeployTrigger: off'), web("autoDeployTrigger: 'off'")],
  ['yaml-boolean', 'services[0].envVars[0].value', env('{ key: A, value: yes }'), env('{ key: A, value: "yes" }')],
  ['yaml-number', 'services[0].envVars[0].value', env('{ key: A, value: 22.10 }'), env('{ key: A, value: 22.1 }')],
  ['yaml-number', 'services[0].envVars[0].value', env('{ key: A, value: 0x10 }'), env('{ key: A, value: 16 }')],
  ['duplicate-key', 'services', 'services: []\ndatabases: []\nservices: []', 'services: []\ndatabases: []'],
  ['merge-key', 'databases[1]."<<"', 'databases:\n  - &a { name: a, ipAllowList: [] }\n  - { <<: *a, name: b }', 'databases: [{ name: a, ipAllowList: [] }]'],

  ['unknown-key', 'crons', 'crons: []', 'services: []'],
  ['unknown-key', 'services[0].helthCheckPath', web('helthCheckPath: /x'), web('healthCheckPath: /x')],
  ['unknown-key', 'services[0].scaling.min', web('scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 50, min: 1 }'), web('scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 50 }')],
  ['missing-key', 'services[0]', 'services: [{ type: web, name: api }]', web('')],
  ['missing-key', 'services[0]', 'services: [{ type: cron, name: c, runtime: docker }]', 'services: [{ type: cron, name: c, runtime: docker, schedule: "* * * * *" }]'],
  ['missing-key', 'services[0]', 'services: [{ type: keyvalue, name: kv }]', 'services: [{ type: keyvalue, name: kv, ipAllowList: [] }]'],
  ['missing-key', 'services[0]', 'services: [{ type: web, name: help, runtime: static }]', site('')],
  ['missing-key', 'services[0].buildFilter', web('buildFilter: {}'), web('buildFilter: { paths: [a] }')],
  ['missing-key', 'services[0].envVars[0]', env('{ value: 1 }'), env('{ key: A, value: 1 }')],
  ['missing-key', 'envVarGroups[0]', 'envVarGroups: [{ name: g }]', 'envVarGroups: [{ name: g, envVars: [] }]'],
  ['wrong-kind-key', 'services[0].plan', site('plan: starter'), site('rootDir: apps/help')],
  ['wrong-kind-key', 'services[0].staticPublishPath', web('staticPublishPath: dist'), web('healthCheckPath: /x')],
  ['wrong-kind-key', 'services[0].envVars[0].previewValue', env('{ key: A, previewValue: 1, fromService: { type: web, name: api, property: host } }'), env(from('api', 'property: host'))],
  ['wrong-kind-key', 'services[0].envVars[0].key', groups('{ key: A, fromGroup: g }', '{ name: g, envVars: [] }'), groups('{ fromGroup: g }', '{ name: g, envVars: [] }')],
  ['wrong-type', 'services', 'services: {}', 'services: []'],
  ['wrong-type', 'services[0].numInstances', web('numInstances: "2"'), web('numInstances: 2')],
  ['wrong-type', 'services[0].maxShutdownDelaySeconds', web('maxShutdownDelaySeconds: 30s'), web('maxShutdownDelaySeconds: 30')],
  ['wrong-type', 'databases[0].postgresMajorVersion', database('postgresMajorVersion: 16'), database('postgresMajorVersion: "16"')],
  ['wrong-type', 'version', 'version: 1', 'version: "1"'],
  ['wrong-type', 'services[0].envVars', web('envVars: { A: 1 }'), env('{ key: A, value: 1 }')],
  ['empty-value', 'services', 'services:', 'services: []'],
  ['empty-value', 'services[0].branch', web('branch: , plan: starter'), web('plan: starter')],
  ['empty-value', 'services[0].envVars[0].value', env('{ key: A, value: }'), env('{ key: A, value: "" }')],
  ['boolean-value', 'services[0].envVars[0].value', env('{ key: A, value: true }'), env('{ key: A, value: "true" }')],
  ['unknown-value', 'services[0].region', web('region: paris'), web('region: frankfurt')],
  ['unknown-value', 'services[0].autoDeployTrigger', web('autoDeployTrigger: on'), web('autoDeployTrigger: commit')],
  ['unknown-value', 'services[0].plan', web('plan: pro_plus'), web('plan: pro plus')],
  ['unknown-value', 'services[0].plan', 'services: [{ type: cron, name: c, runtime: docker, schedule: "* * * * *", plan: free }]', 'services: [{ type: cron, name: c, runtime: docker, schedule: "* * * * *", plan: starter }]'],
  ['unknown-value', 'databases[0].plan', database('plan: basic_256mb'), database('plan: basic-256mb')],
  ['out-of-range', 'services[0].maxShutdownDelaySeconds', web('maxShutdownDelaySeconds: 301'), web('maxShutdownDelaySeconds: 300')],
  ['out-of-range', 'services[0].scaling.targetCPUPercent', web('scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 91 }'), web('scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 90 }')],
  ['out-of-range', 'databases[0].readReplicas[5]', database(`readReplicas: [${[1, 2, 3, 4, 5, 6].map((n) => `{ name: r${n} }`).join(', ')}]`), database('readReplicas: [{ name: r1 }]')],
  ['unknown-service-type', 'services[0].type', 'services: [{ type: static, name: help, staticPublishPath: dist }]', site('')],
  ['unknown-service-type', 'services[0].type', typed('wokrer', ''), typed('worker', '')],
  ['malformed-value', 'services[0].healthCheckPath', web('healthCheckPath: healthz'), web('healthCheckPath: /healthz')],
  ['malformed-value', 'services[0].rootDir', web('rootDir: apps/../../x'), web('rootDir: apps/../x')],
  ['malformed-value', 'services[0].schedule', 'services: [{ type: cron, name: c, runtime: docker, schedule: "@daily" }]', 'services: [{ type: cron, name: c, runtime: docker, schedule: "0 0 * * *" }]'],
  ['malformed-value', 'services[0].envVars[0].key', env('{ key: A=B, value: 1 }'), env('{ key: A_B, value: 1 }')],
  ['malformed-value', 'databases[0].ipAllowList[0].source', 'databases: [{ name: db, ipAllowList: [{ source: 10.0.0.0/33 }] }]', 'databases: [{ name: db, ipAllowList: [{ source: 10.0.0.0/32 }] }]'],
  ['malformed-value', 'services[0].routes[0].source', site('routes: [{ type: rewrite, source: https://a.b/, destination: / }]'), site('routes: [{ type: rewrite, source: /*, destination: / }]')],
  ['malformed-value', 'services[0].maintenanceMode.uri', web('maintenanceMode: { enabled: true, uri: /down }'), web('maintenanceMode: { enabled: true, uri: https://down.example.com }')],
  ['deprecated-key', 'services[0].env', 'services: [{ type: web, name: api, env: docker }]', 'services: [{ type: web, name: api, runtime: docker }]'],
  ['deprecated-key', 'services[0].autoDeploy', web('autoDeploy: false'), web("autoDeployTrigger: 'off'")],
  ['deprecated-key', 'services[0].previewPlan', web('previewPlan: starter'), web('previews: { plan: starter }')],
  ['deprecated-key', 'services[0].pullRequestPreviewsEnabled', site('pullRequestPreviewsEnabled: true'), site('previews: { generation: automatic }')],
  ['deprecated-key', 'services[0].afterFirstDeployCommand', web('afterFirstDeployCommand: x'), web('initialDeployHook: x')],
  ['deprecated-key', 'services[0].domain', web('domain: a.example.com'), web('domains: [a.example.com]')],
  ['deprecated-key', 'previewsEnabled', 'previewsEnabled: true', 'previews: { generation: automatic }'],
  ['deprecated-value', 'services[0].type', 'services: [{ type: redis, name: kv, ipAllowList: [] }]', 'services: [{ type: keyvalue, name: kv, ipAllowList: [] }]'],
  ['deprecated-value', 'databases[0].plan', database('plan: Basic-1gb'), database('plan: basic-1gb')],
  ['template-key', 'services[0].envVars[0].description', env('{ key: A, value: 1, description: x }'), env('{ key: A, value: 1 }')],

  ['duplicate-name', 'services[1].name', 'services: [{ type: keyvalue, name: kv, ipAllowList: [] }, { type: keyvalue, name: kv, ipAllowList: [] }]', two('', '')],
  ['duplicate-name', 'services[1].name', 'services: [{ type: keyvalue, name: My KV, ipAllowList: [] }, { type: keyvalue, name: my-kv, ipAllowList: [] }]', two('', '')],
  ['duplicate-name', 'databases[0].readReplicas[0].name', database('readReplicas: [{ name: db }]'), database('readReplicas: [{ name: db-copy }]')],
  ['duplicate-name', 'ungrouped.databases[0].name', `${database('')}\nungrouped: { databases: [{ name: db }] }`, database('')],
  ['duplicate-name', 'projects[0].environments[1].name', 'projects: [{ name: p, environments: [{ name: e }, { name: e }] }]', 'projects: [{ name: p, environments: [{ name: e }, { name: f }] }]'],
  ['dangling-reference', 'services[0].envVars[0].fromService.name', env(from('apy', 'property: host')), env(from('api', 'property: host'))],
  ['dangling-reference', 'services[0].envVars[0].fromService.envVarKey', env(from('api', 'envVarKey: NOPE')), env(from('api', 'envVarKey: RENDER_EXTERNAL_URL'))],
  ['dangling-reference', 'services[0].envVars[0].fromService.envVarKey', typed('worker', `envVars: [${from('api', 'envVarKey: RENDER_EXTERNAL_URL', 'worker')}]`), typed('worker', `envVars: [${from('api', 'envVarKey: RENDER', 'worker')}]`)],
  ['dangling-reference', 'services[0].envVars[0].fromDatabase.name', env('{ key: A, fromDatabase: { name: db, property: host } }'), `${env('{ key: A, fromDatabase: { name: db, property: host } }')}\n${database('')}`],
  ['dangling-reference', 'services[0].envVars[0].fromGroup', env('{ fromGroup: g }'), groups('{ fromGroup: g }', '{ name: g, envVars: [] }')],
  ['dangling-reference', 'services[0].buildSource', 'services: [{ type: web, name: api, buildSource: nope }]', sourced('')],
  ['reference-type', 'services[0].envVars[0].fromService.type', env(from('api', 'property: host', 'pserv')), env(from('api', 'property: host'))],
  ['reference-property', 'services[0].envVars[0].fromService.property', env(from('api', 'property: connectionString')), env(from('api', 'property: hostport'))],
  ['reference-property', 'services[0].envVars[0].fromService.property', typed('worker', `envVars: [${from('api', 'property: host', 'worker')}]`), env(from('api', 'property: host'))],
  ['reference-form', 'services[0].envVars[0].fromService', env('{ key: X, fromService: { type: web, name: api } }'), env(from('api', 'property: host'))],
  ['reference-form', 'services[0].envVars[0].fromService.envVarKey', env(from('api', 'property: host, envVarKey: PORT')), env(from('api', 'envVarKey: PORT'))],
  ['reference-cycle', 'services[0].envVars[0].fromService', two(`envVars: [${from('b', 'envVarKey: X')}]`, `envVars: [${from('a', 'envVarKey: X')}]`), two(`envVars: [${from('b', 'envVarKey: X')}]`, 'envVars: [{ key: X, value: 1 }]')],
  ['reference-cycle', 'services[0].envVars[0].fromService', env(from('api', 'envVarKey: X')), env(`${from('api', 'envVarKey: Y')}, { key: Y, value: 1 }`)],
  ['cross-environment', 'projects[0].environments[1].services[0].envVars[0].fromDatabase', split('databases: [{ name: db }]', env('{ key: A, fromDatabase: { name: db, property: host } }')), split('databases: []', `databases: [{ name: db }], ${env('{ key: A, fromDatabase: { name: db, property: host } }')}`)],

  ['env-forms', 'services[0].envVars[0]', env('{ key: A, value: 1, fromService: { type: web, name: api, property: host } }'), env('{ key: A, value: 1 }')],
  ['env-exclusive', 'services[0].envVars[0].generateValue', env('{ key: A, value: 1, generateValue: true }'), env('{ key: A, value: 1, generateValue: false }')],
  ['env-exclusive', 'services[0].envVars[0].sync', env('{ key: A, value: 1, sync: false }'), env('{ key: A, value: 1, sync: true }')],
  ['env-without-value', 'services[0].envVars[0]', env('{ key: A }'), env('{ key: A, sync: false }')],
  ['duplicate-env-key', 'services[0].envVars[1].key', env('{ key: A, value: 1 }, { key: A, value: 2 }'), env('{ key: A, value: 1 }, { key: B, value: 2 }')],
  ['duplicate-env-key', 'services[0].envVars[1].key', env('{ key: A, value: 1 }, { key: A, value: 1 }'), env('{ key: A, value: 1 }')],
  ['group-literal-only', 'envVarGroups[0].envVars[0]', groups('', `{ name: g, envVars: [${from('api', 'property: host')}] }`), groups('', '{ name: g, envVars: [{ key: A, value: 1 }] }')],
  ['group-sync-false', 'envVarGroups[0].envVars[0].sync', groups('', '{ name: g, envVars: [{ key: A, sync: false }] }'), groups('', '{ name: g, envVars: [{ key: A, generateValue: true }] }')],
  ['group-linked-twice', 'services[0].envVars[1].fromGroup', groups('{ fromGroup: g }, { fromGroup: g }', '{ name: g, envVars: [] }'), groups('{ fromGroup: g }', '{ name: g, envVars: [] }')],
  ['group-overlap', 'services[0].envVars[1].fromGroup', groups('{ fromGroup: g }, { fromGroup: h }', '{ name: g, envVars: [{ key: A, value: 1 }] }, { name: h, envVars: [{ key: A, value: 2 }] }'), groups('{ fromGroup: g }, { fromGroup: h }, { key: A, value: 3 }', '{ name: g, envVars: [{ key: A, value: 1 }] }, { name: h, envVars: [{ key: A, value: 2 }] }')],

  ['static-runtime', 'services[0].runtime', 'services: [{ type: pserv, name: p, runtime: static }]', site('')],
  ['missing-command', 'services[0]', 'services: [{ type: web, name: api, runtime: node, buildCommand: b }]', web('')],
  ['missing-command', 'services[0]', 'services: [{ type: cron, name: c, schedule: "* * * * *", runtime: python, startCommand: s }]', 'services: [{ type: cron, name: c, schedule: "* * * * *", runtime: docker }]'],
  ['missing-command', 'buildSources[0].git', 'buildSources: [{ name: src, git: { repo: r, runtime: node } }]', sourced('')],
  ['image-source', 'services[0].runtime', 'services: [{ type: web, name: w, runtime: image }]', 'services: [{ type: web, name: w, runtime: image, image: { url: nginx } }]'],
  ['image-source', 'services[0].repo', 'services: [{ type: web, name: w, runtime: image, image: { url: nginx }, repo: r }]', 'services: [{ type: web, name: w, runtime: image, image: { url: nginx } }]'],
  ['image-source', 'services[0].image.url', 'services: [{ type: web, name: w, runtime: image, image: { url: "https://ghcr.io/acme/web" } }]', 'services: [{ type: web, name: w, runtime: image, image: { url: "ghcr.io/acme/web:1.2" } }]'],
  ['image-source', 'services[0].image', web('image: { url: nginx }'), web('')],
  ['build-source', 'services[0].repo', sourced('repo: r'), sourced('')],
  ['build-source', 'buildSources[0].image', 'buildSources: [{ name: s, git: { repo: r, runtime: docker }, image: { url: nginx } }]', 'buildSources: [{ name: s, image: { url: nginx } }]'],
  ['build-source', 'buildSources[0].git.baseDir', 'buildSources: [{ name: s, git: { repo: r, runtime: go, buildCommand: b, baseDir: x } }]', 'buildSources: [{ name: s, git: { repo: r, runtime: docker, baseDir: x } }]'],
  ['scaling-limits', 'services[0].scaling.minInstances', web('scaling: { minInstances: 3, maxInstances: 2, targetCPUPercent: 50 }'), web('scaling: { minInstances: 2, maxInstances: 2, targetCPUPercent: 50 }')],
  ['scaling-limits', 'services[0].scaling', web('scaling: { minInstances: 1, maxInstances: 2 }'), web('scaling: { minInstances: 1, maxInstances: 2, targetMemoryPercent: 50 }')],
  ['scaling-wins', 'services[0].numInstances', web('numInstances: 2, scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 50 }'), web('scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 50 }')],
  ['disk-scale', 'services[0].numInstances', web('numInstances: 2, disk: { name: d, mountPath: /d }'), web('numInstances: 1, disk: { name: d, mountPath: /d }')],
  ['disk-mount', 'services[0].disk.mountPath', web('disk: { name: d, mountPath: /etc/secrets/ }'), web('disk: { name: d, mountPath: /opt/render/project/src/data }')],
  ['disk-downtime', 'services[0].disk', web('disk: { name: d, mountPath: /d }'), web('')],
  ['key-without-effect', 'services[0].healthCheckPath', typed('worker', 'healthCheckPath: /x'), web('healthCheckPath: /x')],
  ['key-without-effect', 'services[0].dockerCommand', web('dockerCommand: x'), 'services: [{ type: web, name: w, runtime: docker, dockerCommand: x }]'],
  ['key-without-effect', 'services[0].startCommand', 'services: [{ type: web, name: w, runtime: docker, startCommand: x }]', web('')],
  ['free-plan', 'services[0].plan', typed('worker', 'plan: free'), web('plan: free')],
  ['free-plan', 'services[0].preDeployCommand', web('plan: free, preDeployCommand: x'), web('plan: starter, preDeployCommand: x')],
  ['free-plan', 'services[0].numInstances', web('plan: free, numInstances: 2'), web('plan: free, numInstances: 1')],
  ['free-private-target', 'services[0].envVars[0].fromService.property', web(`plan: free, envVars: [${from('api', 'property: host')}]`), web(`plan: free, envVars: [${from('api', 'envVarKey: RENDER_EXTERNAL_URL')}]`)],
  ['subdomain-policy', 'services[0].renderSubdomainPolicy', web('renderSubdomainPolicy: disabled'), web('renderSubdomainPolicy: disabled, domains: [a.example.com]')],
  ['branch-previews', 'services[0].branch', `previews: { generation: automatic }\n${web('branch: main')}`, web('branch: main')],
  ['region-split', 'services[0].envVars[0].fromService', two(`region: ohio, envVars: [${from('b', 'property: host')}]`, 'region: oregon'), two(`region: ohio, envVars: [${from('b', 'property: host')}]`, 'region: ohio')],
  ['region-split', 'services[0].envVars[0].fromDatabase', `${web('region: ohio, envVars: [{ key: A, fromDatabase: { name: db, property: host } }]')}\n${database('')}`, `${web('envVars: [{ key: A, fromDatabase: { name: db, property: host } }]')}\n${database('region: oregon')}`],

  ['disk-size', 'databases[0].diskSizeGB', database('diskSizeGB: 12'), database('diskSizeGB: 15')],
  ['open-database', 'databases[0]', 'databases: [{ name: db }]', database('')],

  ['node-env-build', 'services[0].envVars[0]', 'services: [{ type: web, name: api, runtime: node, buildCommand: pnpm install && pnpm build, startCommand: s, envVars: [{ key: NODE_ENV, value: production }] }]', 'services: [{ type: web, name: api, runtime: node, buildCommand: pnpm install --prod=false && pnpm build, startCommand: s, envVars: [{ key: NODE_ENV, value: production }] }]'],
  ['node-env-build', 'services[0].envVars[0]', 'services: [{ type: web, name: api, runtime: node, buildCommand: "cd api && yarn; yarn build", startCommand: s, envVars: [{ key: NODE_ENV, value: production }] }]', 'services: [{ type: web, name: api, runtime: node, buildCommand: cd api && npm install, startCommand: s, envVars: [{ key: NODE_ENV, value: production }] }]'],
  ['corepack-enable', 'services[0].buildCommand', 'services: [{ type: web, name: api, runtime: node, buildCommand: corepack enable && pnpm i, startCommand: s }]', web('')],
  ['no-interpolation', 'services[0].envVars[0].value', env('{ key: A, value: "http://${HOST}" }'), env('{ key: A, value: "http://host" }')],
  ['host-no-scheme', 'services[0].envVars[0].fromService', env('{ key: API_URL, fromService: { type: web, name: api, property: hostport } }'), env('{ key: API_HOST, fromService: { type: web, name: api, property: hostport } }')],
  ['public-from-private', 'services[0].envVars[0].fromService', env('{ key: NEXT_PUBLIC_API_URL, fromService: { type: web, name: api, property: hostport } }'), env('{ key: NEXT_PUBLIC_API_URL, fromService: { type: web, name: api, envVarKey: RENDER_EXTERNAL_URL } }')],
  ['literal-secret', 'services[0].envVars[0].value', env('{ key: SESSION_SECRET, value: hunter2 }'), env('{ key: TOKEN_TTL, value: 60 }')],
  ['literal-secret', 'services[0].envVars[0].value', env('{ key: DATABASE_URL, value: "postgres://u:p@h/d" }'), env('{ key: DATABASE_URL, value: "postgres://h/d" }')],
]

/** At least one for every rule; that is tested too. */
export const ruleSamples: readonly RuleSample[] = samples.map(([rule, path, bad, good]) => ({ rule, path, bad, good }))
