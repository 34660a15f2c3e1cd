import { z } from 'zod'

export const renderServiceTypeSchema = z.enum(['static_site', 'web_service', 'private_service', 'background_worker', 'cron_job'])
export type RenderServiceType = z.infer<typeof renderServiceTypeSchema>

const commandsSchema = z.looseObject({
  buildCommand: z.string().optional(),
  startCommand: z.string().optional(),
  preDeployCommand: z.string().optional(),
  dockerCommand: z.string().optional(),
  dockerContext: z.string().optional(),
  dockerfilePath: z.string().optional(),
  registryCredential: z.looseObject({ id: z.string() }).optional(),
})

const targetSchema = z.object({ enabled: z.boolean(), percentage: z.number() })
const autoscalingSchema = z.object({ enabled: z.boolean(), min: z.number().int(), max: z.number().int(), criteria: z.object({ cpu: targetSchema, memory: targetSchema }) })
/** Between how many instances a service scales by itself, and what is to be kept of each. */
export type RenderAutoscaling = z.infer<typeof autoscalingSchema>
const maintenanceSchema = z.object({ enabled: z.boolean(), uri: z.string() })
export type RenderMaintenance = z.infer<typeof maintenanceSchema>

/** What there is of it depends on the type of the service. */
const serviceDetailsSchema = z.looseObject({
  /** Of a web service and a static site `https://…`; of a private service `SLUG:PORT`. */
  url: z.string().optional(),
  region: z.string().optional(),
  plan: z.string().optional(),
  runtime: z.string().optional(),
  numInstances: z.number().int().optional(),
  healthCheckPath: z.string().optional(),
  schedule: z.string().optional(),
  /** Of a static site. */
  buildCommand: z.string().optional(),
  /** Of a static site. */
  publishPath: z.string().optional(),
  envSpecificDetails: commandsSchema.optional(),
  maxShutdownDelaySeconds: z.number().optional(),
  openPorts: z.array(z.object({ port: z.number().int(), protocol: z.string() })).optional(),
  disk: z.looseObject({ id: z.string(), name: z.string(), sizeGB: z.number(), mountPath: z.string() }).optional(),
  autoscaling: autoscalingSchema.optional(),
  maintenanceMode: maintenanceSchema.optional(),
})

/** Keys that are not named here are kept as they came. */
export const renderServiceSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  /** Its host name on the private network. */
  slug: z.string(),
  ownerId: z.string(),
  environmentId: z.string().optional(),
  type: renderServiceTypeSchema,
  autoDeploy: z.enum(['yes', 'no']),
  repo: z.string().optional(),
  branch: z.string().optional(),
  rootDir: z.string().optional(),
  imagePath: z.string().optional(),
  /** What opens the registry of its image. */
  registryCredential: z.looseObject({ id: z.string() }).optional(),
  buildFilter: z.object({ paths: z.array(z.string()), ignoredPaths: z.array(z.string()) }).optional(),
  suspended: z.enum(['suspended', 'not_suspended']),
  createdAt: z.string(),
  updatedAt: z.string(),
  dashboardUrl: z.string(),
  serviceDetails: serviceDetailsSchema,
})
export type RenderService = z.infer<typeof renderServiceSchema>

export interface RenderAllowed {
  readonly cidrBlock: string
  readonly description: string
}

export interface RenderImage {
  readonly ownerId: string
  readonly imagePath: string
  readonly registryCredentialId?: string
}

/** What is settled by type; Render refuses what does not belong to it. */
export interface RenderServiceDetails {
  readonly runtime?: string
  readonly plan?: string
  /** Settled once: it cannot be changed. */
  readonly region?: string
  readonly healthCheckPath?: string
  readonly preDeployCommand?: string
  /** Settled when it is created; afterwards by {@link RenderServices.scale}. */
  readonly numInstances?: number
  readonly maxShutdownDelaySeconds?: number
  readonly schedule?: string
  readonly buildCommand?: string
  readonly publishPath?: string
  readonly envSpecificDetails?: {
    readonly buildCommand?: string
    readonly startCommand?: string
    readonly dockerCommand?: string
    readonly dockerContext?: string
    readonly dockerfilePath?: string
    readonly registryCredentialId?: string
  }
  /** Settled when it is created. */
  readonly disk?: { readonly name: string; readonly mountPath: string; readonly sizeGB?: number }
  /** Settled when it is created; afterwards by {@link RenderServices.setAutoscaling}. */
  readonly autoscaling?: RenderAutoscaling
  readonly maintenanceMode?: RenderMaintenance
  readonly renderSubdomainPolicy?: 'enabled' | 'disabled'
  readonly previews?: { readonly generation: 'off' | 'manual' | 'automatic' }
  readonly ipAllowList?: readonly RenderAllowed[]
}

/** What may be changed of a service. */
export interface RenderServiceChange {
  readonly name?: string
  readonly autoDeploy?: 'yes' | 'no'
  readonly repo?: string
  readonly branch?: string
  readonly rootDir?: string
  readonly image?: RenderImage
  readonly buildFilter?: { readonly paths: readonly string[]; readonly ignoredPaths: readonly string[] }
  readonly serviceDetails?: RenderServiceDetails
}

export interface RenderNewService extends RenderServiceChange {
  readonly type: RenderServiceType
  readonly name: string
  readonly ownerId: string
  readonly environmentId?: string
  readonly envVars?: readonly RenderNewVariable[]
}

export type RenderNewVariable = { readonly key: string; readonly value: string } | { readonly key: string; readonly generateValue: true }
