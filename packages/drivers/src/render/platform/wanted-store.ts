import type { Blueprint, BlueprintDatabase, BlueprintService } from '@plimsoll/model'
import type { RenderKeyValue, RenderKeyValueChange, RenderNewKeyValue, RenderNewPostgres, RenderPostgres, RenderPostgresChange } from '../api/data-stores.ts'
import type { RenderAllowed } from '../api/service-schemas.ts'
import { isSameSet } from './compare-service.ts'
import { planOf } from './wanted-plan.ts'
import { defined } from './wanted-service.ts'

/** Where a Blueprint names none: the smallest that is paid for, as Render's own sync takes it, and the newest version. */
const usualDatabasePlan = 'basic_256mb'
const usualKeyValuePlan = 'starter'
const usualVersion = '18'

export function newDatabase(database: BlueprintDatabase, ownerId: string): RenderNewPostgres {
  const { name, plan, postgresMajorVersion: version = usualVersion, databaseName, user: databaseUser, region, diskSizeGB, storageAutoscalingEnabled, highAvailability, ipAllowList, readReplicas } = database
  return {
    name, ownerId, plan: (plan === undefined ? undefined : planOf('database', plan)) ?? usualDatabasePlan, version,
    ...defined({
      databaseName, databaseUser, region, diskSizeGB, enableDiskAutoscaling: storageAutoscalingEnabled, enableHighAvailability: highAvailability?.enabled,
      ipAllowList: ipAllowList && allowed(ipAllowList), readReplicas: readReplicas?.map((replica) => ({ name: replica })),
    }),
  }
}

/** What of a database that is there is to be changed; empty for nothing. A disk only grows, and replicas that the Blueprint does not name stay. */
export function databaseChange({ plan, diskSizeGB, storageAutoscalingEnabled: grows, highAvailability, ipAllowList, readReplicas = [] }: BlueprintDatabase, now: RenderPostgres): RenderPostgresChange {
  const wantedPlan = plan === undefined ? undefined : planOf('database', plan)
  const replicas = now.readReplicas ?? []
  const more = readReplicas.filter((name) => !replicas.some((replica) => replica.name === name))
  return {
    ...(wantedPlan !== undefined && wantedPlan !== now.plan && { plan: wantedPlan }),
    ...(diskSizeGB !== undefined && now.diskSizeGB !== undefined && diskSizeGB > now.diskSizeGB && { diskSizeGB }),
    ...(grows !== undefined && grows !== (now.diskAutoscalingEnabled ?? false) && { enableDiskAutoscaling: grows }),
    ...(highAvailability !== undefined && highAvailability.enabled !== (now.highAvailabilityEnabled ?? false) && { enableHighAvailability: highAvailability.enabled }),
    ...allowedChange(ipAllowList, now),
    ...(more.length > 0 && { readReplicas: [...replicas.map(({ name, parameterOverrides }) => ({ name, ...(parameterOverrides !== undefined && { parameterOverrides }) })), ...more.map((name) => ({ name }))] }),
  }
}

/** What differs of a database and cannot be changed there. */
export function databaseLeft({ name, region, diskSizeGB, databaseName, user, postgresMajorVersion, readReplicas }: BlueprintDatabase, now: RenderPostgres): string[] {
  const stays = ([what, wanted, is]: readonly [string, string | undefined, string]): string[] => (wanted === undefined || wanted === is ? [] : [`${what} of ${name} stays ${is}: Render’s API does not change it`])
  const settled = [['region', region, now.region], ['databaseName', databaseName, now.databaseName], ['user', user, now.databaseUser], ['postgresMajorVersion', postgresMajorVersion, now.version]] as const
  const strangers = (now.readReplicas ?? []).filter((replica) => readReplicas?.includes(replica.name) === false)
  return [
    ...settled.flatMap(stays),
    ...(diskSizeGB !== undefined && now.diskSizeGB !== undefined && diskSizeGB < now.diskSizeGB ? [`diskSizeGB of ${name} stays ${now.diskSizeGB}: a disk on Render only grows`] : []),
    ...strangers.map((replica) => `The read replica ${replica.name} of ${name} stays, though the Blueprint names it not: delete it in the dashboard`),
  ]
}

export function newKeyValue({ name, plan, region, maxmemoryPolicy, ipAllowList }: BlueprintService, ownerId: string): RenderNewKeyValue {
  return {
    name, ownerId, plan: (plan === undefined ? undefined : planOf('keyvalue', plan)) ?? usualKeyValuePlan,
    ...defined({ region, maxmemoryPolicy: policyOf(maxmemoryPolicy), ipAllowList: ipAllowList && allowed(ipAllowList) }),
  }
}

/** What of a key-value service that is there is to be changed; empty for nothing. */
export function keyValueChange({ plan, maxmemoryPolicy, ipAllowList }: BlueprintService, now: RenderKeyValue): RenderKeyValueChange {
  const wantedPlan = plan === undefined ? undefined : planOf('keyvalue', plan)
  const policy = policyOf(maxmemoryPolicy)
  return {
    ...(wantedPlan !== undefined && wantedPlan !== now.plan && { plan: wantedPlan }),
    ...(policy !== undefined && policy !== policyOf(now.options.maxmemoryPolicy) && { maxmemoryPolicy: policy }),
    ...allowedChange(ipAllowList, now),
  }
}

export function keyValueLeft({ name, region }: BlueprintService, now: RenderKeyValue): string[] {
  return region === undefined || region === now.region ? [] : [`region of ${name} stays ${now.region}: Render’s API does not change it`]
}

/** Blueprints write `allkeys-lru`, the API `allkeys_lru`. */
function policyOf(policy: string | undefined): string | undefined {
  return policy?.replaceAll('-', '_')
}

function allowedChange(list: BlueprintDatabase['ipAllowList'], now: { readonly ipAllowList?: readonly object[] | undefined }): { readonly ipAllowList?: readonly RenderAllowed[] } {
  if (list === undefined) return {}
  const wanted = allowed(list)
  return isSameSet(wanted, now.ipAllowList ?? []) ? {} : { ipAllowList: wanted }
}

function allowed(list: NonNullable<BlueprintDatabase['ipAllowList']>): readonly RenderAllowed[] {
  return list.map(({ source, description = '' }) => ({ cidrBlock: source, description }))
}

/** The services that refer to `name`, whatever it is, and so meet a change of it with their next deploy. */
export function referringTo({ services }: Blueprint, name: string): string[] {
  return services.filter(({ env }) => env.some((entry) => {
    if (entry.is === 'fromService' || entry.is === 'fromVariable') return entry.service === name
    return entry.is === 'fromDatabase' && entry.database === name
  })).map((service) => service.name)
}

/** The services that are given the variables of a group. */
export function linkedTo({ services }: Blueprint, group: string): string[] {
  return services.filter(({ env }) => env.some((entry) => entry.is === 'fromGroup' && entry.group === group)).map(({ name }) => name)
}
