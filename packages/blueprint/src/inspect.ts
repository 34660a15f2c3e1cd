/** A Blueprint with the place of everything in it: for whoever holds it against more than itself. No I/O. */
export { inspectBlueprint, type InspectedBlueprint } from './inspect-blueprint.ts'
export type { Fault } from './report.ts'
export type { Plain, Remedy } from './remedy.ts'
export type { Inventory, ServiceEntry } from './inventory.ts'
export { flagOf, itemsOf, numberOf, textOf, valueOf, type Position, type YamlNode } from './yaml-tree.ts'
