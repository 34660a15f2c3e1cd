import { z } from 'zod'
import { serviceNameSchema } from './names.ts'
import { serviceKinds, staticSiteSchema } from './unit-spec.ts'

/** What `fromDatabase` can ask of a database. */
export const databaseProperties = ['connectionString', 'connectionPoolString', 'host', 'port', 'user', 'password', 'database'] as const
export type DatabaseProperty = (typeof databaseProperties)[number]

/** What `fromService` can ask of a service, besides one of its variables. */
export const serviceProperties = ['host', 'port', 'hostport', 'slug', 'connectionString'] as const
export type ServiceProperty = (typeof serviceProperties)[number]

/** When previews of a pull request are made. */
export const previewGenerations = ['automatic', 'manual', 'off'] as const

/** Every kind that a Blueprint can name. Plimsoll runs all but `workflow`, which only Render has. */
export const blueprintKinds = [...serviceKinds, 'workflow'] as const
export type BlueprintKind = (typeof blueprintKinds)[number]

/** Where in the Blueprint's file something was written. Both count from 1. */
const positionSchema = z.object({ line: z.number().int().positive(), column: z.number().int().positive() })
const at = positionSchema
const key = z.string()

const ownValues = [
  /** Written in the Blueprint. */
  z.object({ is: z.literal('value'), key, value: z.string(), previewValue: z.string().optional(), at }),
  /** `generateValue: true`: made once and then kept. */
  z.object({ is: z.literal('generated'), key, previewValue: z.string().optional(), at }),
  /** `sync: false`, or a key without a value: kept outside the Blueprint. */
  z.object({ is: z.literal('kept'), key, previewValue: z.string().optional(), at }),
] as const

/** An entry of a group, which cannot refer to anything. */
const valueEntrySchema = z.discriminatedUnion('is', [...ownValues])
export type ValueEntry = z.infer<typeof valueEntrySchema>

/** An entry of a service's `envVars`. */
const envEntrySchema = z.discriminatedUnion('is', [
  ...ownValues,
  z.object({ is: z.literal('fromService'), key, service: serviceNameSchema, property: z.enum(serviceProperties), at }),
  /** `fromService` with `envVarKey`. */
  z.object({ is: z.literal('fromVariable'), key, service: serviceNameSchema, variable: z.string(), at }),
  z.object({ is: z.literal('fromDatabase'), key, database: z.string(), property: z.enum(databaseProperties), at }),
  z.object({ is: z.literal('fromGroup'), group: z.string(), at }),
])
export type EnvEntry = z.infer<typeof envEntrySchema>

const imageSchema = z.object({ url: z.string(), credentials: z.string().optional() })
const buildFilterSchema = z.object({ paths: z.array(z.string()), ignoredPaths: z.array(z.string()) })
const allowedSourceSchema = z.object({ source: z.string(), description: z.string().optional() })
const environmentNameSchema = z.object({ project: z.string(), name: z.string() })
/** True for what the Blueprint takes out of every environment. */
const ungrouped = { ungrouped: z.literal(true).optional() }
const previewsSchema = z.object({
  generation: z.enum(previewGenerations).optional(),
  plan: z.string().optional(),
  numInstances: z.number().optional(),
})

/** How the files of a service come to be: shared by services and build sources. */
const buildFields = {
  runtime: z.string(),
  repo: z.string().optional(),
  branch: z.string().optional(),
  region: z.string().optional(),
  rootDir: z.string().optional(),
  buildCommand: z.string().optional(),
  buildFilter: buildFilterSchema.optional(),
  dockerfilePath: z.string().optional(),
  /** Name of the registry credential for private base images. */
  registryCredential: z.string().optional(),
  image: imageSchema.optional(),
}

/** One entry of `services`, as it was written: aliases replaced, defaults not filled in (see `unitSpecs`). */
const blueprintServiceSchema = z.object({
  name: serviceNameSchema,
  kind: z.enum(blueprintKinds),
  ...buildFields,
  at,
  /** Absent for what is not listed in an environment of a project. */
  environment: environmentNameSchema.optional(),
  ...ungrouped,
  plan: z.string().optional(),
  env: z.array(envEntrySchema),
  /** Variables of the service's build source; they hold at build time only. */
  buildEnv: z.array(envEntrySchema),
  startCommand: z.string().optional(),
  preDeployCommand: z.string().optional(),
  initialDeployHook: z.string().optional(),
  dockerCommand: z.string().optional(),
  dockerContext: z.string().optional(),
  schedule: z.string().optional(),
  autoDeployTrigger: z.string().optional(),
  healthCheckPath: z.string().optional(),
  maxShutdownDelaySeconds: z.number().optional(),
  numInstances: z.number().optional(),
  scaling: z
    .object({
      minInstances: z.number(),
      maxInstances: z.number(),
      targetCPUPercent: z.number().optional(),
      targetMemoryPercent: z.number().optional(),
    })
    .optional(),
  disk: z.object({ name: z.string(), mountPath: z.string(), sizeGB: z.number().optional() }).optional(),
  domains: z.array(z.string()),
  renderSubdomainPolicy: z.string().optional(),
  ipAllowList: z.array(allowedSourceSchema).optional(),
  maintenanceMode: z.object({ enabled: z.boolean().optional(), uri: z.string().optional() }).optional(),
  previews: previewsSchema.optional(),
  staticSite: staticSiteSchema.optional(),
  maxmemoryPolicy: z.string().optional(),
  persistenceMode: z.string().optional(),
})
export type BlueprintService = z.infer<typeof blueprintServiceSchema>

const blueprintDatabaseSchema = z.object({
  name: z.string(),
  at,
  environment: environmentNameSchema.optional(),
  ...ungrouped,
  databaseName: z.string().optional(),
  user: z.string().optional(),
  region: z.string().optional(),
  plan: z.string().optional(),
  previewPlan: z.string().optional(),
  postgresMajorVersion: z.string().optional(),
  diskSizeGB: z.number().optional(),
  previewDiskSizeGB: z.number().optional(),
  storageAutoscalingEnabled: z.boolean().optional(),
  connectionPool: z.string().optional(),
  highAvailability: z.object({ enabled: z.boolean() }).optional(),
  ipAllowList: z.array(allowedSourceSchema).optional(),
  /** Their names; undefined when the Blueprint leaves existing ones alone. */
  readReplicas: z.array(z.string()).optional(),
})
export type BlueprintDatabase = z.infer<typeof blueprintDatabaseSchema>

const blueprintGroupSchema = z.object({
  name: z.string(),
  at,
  environment: environmentNameSchema.optional(),
  ...ungrouped,
  env: z.array(valueEntrySchema),
})
export type BlueprintGroup = z.infer<typeof blueprintGroupSchema>

/**
 * The text of `render.yaml`, understood: every alias replaced by the key it
 * stands for, every build source merged into its services, every reference known to lead somewhere.
 */
export const blueprintSchema = z.object({
  /** As the caller named it; for messages. */
  file: z.string(),
  services: z.array(blueprintServiceSchema),
  databases: z.array(blueprintDatabaseSchema),
  groups: z.array(blueprintGroupSchema),
  environments: z.array(environmentNameSchema.extend({ /** Each undefined when the Blueprint leaves it alone. */
    isolated: z.boolean().optional(), protected: z.boolean().optional() })),
  previews: z.object({ generation: z.enum(previewGenerations).optional(), expireAfterDays: z.number().optional() }).optional(),
})
export type Blueprint = z.infer<typeof blueprintSchema>
