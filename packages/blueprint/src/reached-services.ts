import { listens, type Blueprint, type BlueprintService } from '@plimsoll/model'
import { declaredEntries, type KeyedEntry } from './declared-entries.ts'

/**
 * The services whose private address `service` is told, also by way of another service's variable, in the order of its
 * variables and without itself. A public address leads through the edge, to whatever is live, and does not count.
 */
export function reachedServices(blueprint: Blueprint, service: BlueprintService): BlueprintService['name'][] {
  const targets = [...declaredEntries(blueprint, service, 'run').values()].flatMap(({ entry }) => targetOf(blueprint, entry, new Set()))
  return [...new Set(targets)].filter((target) => target !== service.name)
}

function targetOf(blueprint: Blueprint, entry: KeyedEntry, trail: Set<string>): BlueprintService['name'][] {
  if (entry.is !== 'fromService' && entry.is !== 'fromVariable') return []
  const target = blueprint.services.find(({ name }) => name === entry.service)
  if (target === undefined) return []
  if (entry.is === 'fromService') return entry.property !== 'slug' && target.kind !== 'workflow' && listens(target.kind) ? [target.name] : []
  const step = `${entry.service}/${entry.variable}`
  if (trail.has(step)) return []
  const further = declaredEntries(blueprint, target, 'run').get(entry.variable)
  return further === undefined ? [] : targetOf(blueprint, further.entry, trail.add(step))
}
