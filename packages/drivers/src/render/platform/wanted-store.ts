import type { Blueprint, BlueprintDatabase, BlueprintService } from '@plimsoll/model'
import type { RenderNewKeyValue, RenderNewPostgres, RenderPostgres, RenderPostgresChange } from '../api/data-stores.ts'
import type { RenderAllowed } from '../api/service-schemas.ts'
import { defined } from './wanted-service.ts'

/** Where a Blueprint names none: the smallest that is paid for, as Render's own sync takes it, and the newest version. */
const usualDatabasePlan = 'basic_256mb'
const usualKeyValuePlan = 'starter'
const usualVersion = '18'

export function newDatabase(database: BlueprintDatabase, ownerId: string): RenderNewPostgres {
  const { name, plan = usualDatabasePlan, postgresMajorVersion: version = usualVersion, databaseName, user: databaseUser, region, diskSizeGB, highAvailability, ipAllowList } = database
  return {
    name, ownerId, plan: storePlan(plan), version,
    ...defined({ databaseName, databaseUser, region, diskSizeGB, enableHighAvailability: highAvailability?.enabled, ipAllowList: ipAllowList && allowed(ipAllowList) }),
  }
}

/** What of a database that is there is to be changed; empty for nothing. A disk only grows. */
export function databaseChange({ plan, diskSizeGB }: BlueprintDatabase, now: RenderPostgres): RenderPostgresChange {
  const size = now['diskSizeGB']
  return {
    ...(plan !== undefined && storePlan(plan) !== now.plan && { plan: storePlan(plan) }),
    ...(diskSizeGB !== undefined && typeof size === 'number' && diskSizeGB > size && { diskSizeGB }),
  }
}

export function newKeyValue({ name, plan = usualKeyValuePlan, region, maxmemoryPolicy, ipAllowList }: BlueprintService, ownerId: string): RenderNewKeyValue {
  return { name, ownerId, plan: storePlan(plan), ...defined({ region, maxmemoryPolicy: maxmemoryPolicy?.replaceAll('-', '_'), ipAllowList: ipAllowList && allowed(ipAllowList) }) }
}

/** Names of plans are written with hyphens in Blueprints and with underscores in the API, but for those that say their size: `0.1c-256mb`. */
function storePlan(plan: string): string {
  return /^\d+(\.\d+)?c-/.test(plan) ? plan : plan.toLowerCase().replaceAll(/[ -]/g, '_')
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
