import { previewGenerations } from '@plimsoll/model'
import { envVarShape, groupVarShape } from './env-fields.ts'
import { postgresPlanNames } from './plans.ts'
import { asGeneration, buildFilterShape, credentialShape, imageShape, ipAllowListShape, nativeRuntimes, planShape, regionShape } from './service-fields.ts'
import { serviceShape } from './service-shape.ts'
import { boolean, choice, formed, integer, list, record, text, type Field, type Shape } from './shape.ts'
import { insideRepository, named } from './text-forms.ts'

const name: Field = { key: 'name', shape: formed(named), required: 'name: a name of its own' }
const postgresPlan = planShape('a plan of databases', postgresPlanNames)
const postgresVersions = Array.from({ length: 9 }, (_, index) => String(index + 10))
const onOff = (key: string): Field => ({ key, shape: choice('a setting', ['enabled', 'disabled'], { instead: { true: 'write enabled', false: 'write disabled' } }) })

const database = record(
  'a database',
  [
    name,
    { key: 'databaseName', shape: text },
    { key: 'user', shape: text },
    { key: 'region', shape: regionShape },
    { key: 'plan', shape: postgresPlan },
    { key: 'previewPlan', shape: postgresPlan },
    { key: 'postgresMajorVersion', shape: choice('a version of PostgreSQL', postgresVersions) },
    { key: 'diskSizeGB', shape: integer(1) },
    { key: 'previewDiskSizeGB', shape: integer(1) },
    { key: 'storageAutoscalingEnabled', shape: boolean },
    { key: 'connectionPool', shape: choice('a connection pool', ['pgbouncer', 'none']) },
    { key: 'highAvailability', shape: record('highAvailability', [{ key: 'enabled', shape: boolean, required: 'enabled: true' }]) },
    { key: 'ipAllowList', shape: ipAllowListShape },
    { key: 'readReplicas', shape: list(record('a read replica', [name])) },
  ],
  { instead: { type: 'everything under databases: is PostgreSQL; remove the line', version: 'write postgresMajorVersion: "18"', backup: 'backups are made by the plan; remove the line', username: 'write user' } },
)

const group = record('a group', [name, { key: 'envVars', shape: list(groupVarShape), required: 'envVars: []' }])

const resources: readonly Field[] = [
  { key: 'services', shape: list(serviceShape) },
  { key: 'databases', shape: list(database) },
  { key: 'envVarGroups', shape: list(group) },
]

const buildSource = record('a build source', [
  name,
  {
    key: 'git',
    shape: record('git', [
      { key: 'repo', shape: text, required: 'repo: https://github.com/owner/name' },
      { key: 'branch', shape: text },
      { key: 'runtime', shape: choice('a runtime of build sources', [...nativeRuntimes, 'docker']), required: 'runtime: node' },
      { key: 'buildCommand', shape: text },
      { key: 'buildFilter', shape: buildFilterShape },
      { key: 'envVars', shape: list(envVarShape) },
      { key: 'rootDir', shape: formed(insideRepository) },
      { key: 'baseDir', shape: formed(insideRepository) },
      { key: 'region', shape: regionShape },
      { key: 'dockerfilePath', shape: formed(insideRepository) },
      { key: 'registryCredential', shape: credentialShape },
    ]),
  },
  { key: 'image', shape: imageShape },
], { oneOf: ['git', 'image'] })
const buildSources: Field = { key: 'buildSources', shape: list(buildSource) }

const environment = record('an environment', [
  name,
  ...resources,
  { key: 'networking', shape: record('networking', [onOff('isolation')]) },
  { key: 'permissions', shape: record('permissions', [onOff('protection')]) },
])

/** The whole of `render.yaml`. */
export const documentShape: Shape = record(
  'a Blueprint',
  [
    ...resources,
    { key: 'projects', shape: list(record('a project', [name, { key: 'environments', shape: list(environment) }, buildSources])) },
    { key: 'ungrouped', shape: record('ungrouped', [...resources, buildSources]) },
    {
      key: 'previews',
      shape: record('previews', [
        { key: 'generation', shape: choice('a way to make previews', previewGenerations, { instead: { false: "write 'off' in quotes", true: 'write automatic' } }) },
        { key: 'expireAfterDays', shape: integer(1) },
      ]),
    },
    buildSources,
    { key: 'version', shape: choice('a version of the specification', ['1']) },
    { key: 'previewsEnabled', shape: boolean, deprecated: { use: 'previews.generation', into: asGeneration } },
    { key: 'previewsExpireAfterDays', shape: integer(1), deprecated: { use: 'previews.expireAfterDays', into: (expireAfterDays) => ({ expireAfterDays }) } },
  ],
  {
    instead: {
      crons: 'cron jobs are services: an entry of services: with type: cron',
      cronJobs: 'cron jobs are services: an entry of services: with type: cron',
      staticSites: 'static sites are services: an entry of services: with type: web and runtime: static',
      workers: 'workers are services: an entry of services: with type: worker',
      web: 'an entry of services: with type: web',
      keyvalue: 'an entry of services: with type: keyvalue',
      redis: 'an entry of services: with type: keyvalue',
      envVars: 'variables belong to a service, or to a group under envVarGroups:',
      environments: 'environments belong to a project: projects: [{ name, environments }]',
      region: 'a region belongs to each service and database',
      buildCommand: 'it belongs to a service',
      startCommand: 'it belongs to a service',
      autoDeploy: 'it belongs to a service, as autoDeployTrigger',
    },
  },
)
