import type { Blueprint, BlueprintService, EnvEntry, ValueEntry } from '@plimsoll/model'

/**
 * The Blueprint as it holds for a preview: `previewValue` in place of what it stands beside, `previews.plan`, `previews.numInstances` and `previewPlan` where
 * they are given, and no custom domains. Services, databases and their names stay the same. Pure.
 */
export function asPreview(blueprint: Blueprint): Blueprint {
  return {
    ...blueprint,
    services: blueprint.services.map(serviceAsPreview),
    databases: blueprint.databases.map(({ previewPlan, ...database }) => (previewPlan === undefined ? database : { ...database, plan: previewPlan })),
    groups: blueprint.groups.map((group) => ({ ...group, env: group.env.map(entryAsPreview) })),
  }
}

function serviceAsPreview(service: BlueprintService): BlueprintService {
  const { previews: { plan, numInstances } = {}, scaling, ...rest } = service
  return {
    ...rest,
    env: service.env.map(entryAsPreview),
    buildEnv: service.buildEnv.map(entryAsPreview),
    domains: [],
    ...(plan !== undefined && { plan }),
    // Nobody wants a throw-away app to grow: it has what is said for it, or what it has at least.
    ...(numInstances !== undefined ? { numInstances } : scaling !== undefined && { scaling }),
  }
}

function entryAsPreview<Entry extends EnvEntry | ValueEntry>(entry: Entry): Entry | (ValueEntry & { is: 'value' }) {
  if (!('previewValue' in entry) || entry.previewValue === undefined) return entry
  const { key, at, previewValue: value } = entry
  return { is: 'value', key, at, value }
}
