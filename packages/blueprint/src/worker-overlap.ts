import type { BlueprintService } from '@plimsoll/model'
import type { ServiceEntry } from './inventory.ts'
import type { Report } from './report.ts'
import { itemsOf, textOf, valueOf } from './yaml-tree.ts'

/**
 * The variable by which a worker says that two releases of it may work at the same time. Render has no field for this and
 * always overlaps; a variable keeps the file one that Render takes.
 */
const variable = 'PLIMSOLL_WORKER_OVERLAP'

/** Whether the new worker may start before the previous one has finished. */
export function mayOverlap({ kind, env }: Pick<BlueprintService, 'kind' | 'env'>): boolean {
  return kind === 'worker' && env.some((entry) => entry.is === 'value' && entry.key === variable && entry.value === 'true')
}

/** The variable stands where it has a meaning, and says one of the two things that it can say. */
export function checkOverlap({ node, type }: Pick<ServiceEntry, 'node' | 'type'>, report: Report): void {
  for (const entry of itemsOf(node, 'envVars').filter((each) => textOf(each, 'key') === variable)) {
    const value = textOf(entry, 'value')
    if (type !== 'worker') report.add('worker-overlap', entry, `${variable} says something about workers only`, 'remove it')
    else if (value !== 'true' && value !== 'false') report.add('worker-overlap', valueOf(entry, 'value') ?? entry, `${variable} is neither "true" nor "false"`, `write value: "true" if the new worker may start before the old one has finished`)
  }
}
