import type { Inventory } from './inventory.ts'
import type { Report } from './report.ts'
import { itemsOf, numberOf, valueOf, type YamlNode } from './yaml-tree.ts'

const maxReplicas = 5

/** What the table of fields cannot say about databases. */
export function checkDatabases({ databases }: Inventory, report: Report): void {
  for (const { node } of databases) {
    for (const key of ['diskSizeGB', 'previewDiskSizeGB']) checkDiskSize(node, key, report)
    const sixth = itemsOf(node, 'readReplicas')[maxReplicas]
    if (sixth !== undefined) report.add('out-of-range', sixth, `a database has at most ${maxReplicas} read replicas`, 'remove the rest')
    if (node.is === 'map' && valueOf(node, 'ipAllowList') === undefined) {
      report.add('open-database', node, 'without ipAllowList, Render lets everyone connect who has the password', 'add ipAllowList: [] to keep it private')
    }
  }
}

function checkDiskSize(node: YamlNode, key: string, report: Report): void {
  const size = numberOf(node, key)
  const place = valueOf(node, key)
  if (place === undefined || size === undefined || size <= 1 || size % 5 === 0) return
  const above = Math.ceil(size / 5) * 5
  report.add('disk-size', place, `must be 1 or a multiple of 5, and is ${size}`, `write ${above}`, { do: 'write', value: above })
}
