import type { Inventory } from './inventory.ts'
import type { Report } from './report.ts'
import { itemsOf, textOf, valueOf, type YamlNode } from './yaml-tree.ts'

interface Step {
  readonly place: YamlNode
  /** `<service>/<KEY>` that it refers to. */
  readonly to: string
}

/** Variables that refer to each other in a circle have no value. Each circle is reported once, at its first variable. */
export function checkCycles(inventory: Inventory, report: Report): void {
  const steps = stepsOf(inventory)
  const done = new Set<string>()
  for (const start of steps.keys()) {
    const trail: string[] = []
    let here: string | undefined = start
    while (here !== undefined && !done.has(here) && !trail.includes(here)) {
      trail.push(here)
      here = steps.get(here)?.to
    }
    if (here !== undefined && trail.includes(here)) reportCircle(trail.slice(trail.indexOf(here)), steps, report)
    for (const variable of trail) done.add(variable)
  }
}

function stepsOf({ services }: Inventory): Map<string, Step> {
  const steps = new Map<string, Step>()
  for (const { name, node } of services) {
    for (const entry of itemsOf(node, 'envVars')) {
      const reference = valueOf(entry, 'fromService')
      const key = textOf(entry, 'key')
      const variable = textOf(reference, 'envVarKey')
      if (name === undefined || key === undefined || variable === undefined || reference === undefined) continue
      steps.set(`${name}/${key}`, { place: reference, to: `${textOf(reference, 'name')}/${variable}` })
    }
  }
  return steps
}

function reportCircle(circle: readonly string[], steps: ReadonlyMap<string, Step>, report: Report): void {
  const [first] = circle
  const place = first === undefined ? undefined : steps.get(first)?.place
  if (place === undefined) return
  report.add('reference-cycle', place, `refers to itself: ${[...circle, first].join(' → ')}`, 'give one of them a value')
}
