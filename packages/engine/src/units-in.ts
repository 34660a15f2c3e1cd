import type { Unit, UnitSpec } from '@plimsoll/model'
import type { KeptRelease, ReleaseContext } from './release-context.ts'
import { unitOf } from './release-units.ts'

/** Every unit that `kept` runs, its own and those that it shares with an earlier release. */
export function unitsIn(context: Pick<ReleaseContext, 'app'>, kept: KeptRelease): { readonly unit: Unit; readonly spec: UnitSpec }[] {
  return kept.specs.map((spec) => ({ unit: unitOf(context, spec, kept), spec }))
}

/** Those of `units` that are not among `others`. */
export function without<T extends { readonly unit: Unit }>(units: readonly T[], others: readonly { readonly unit: Unit }[]): T[] {
  const names = new Set(others.map(({ unit }) => unit.name))
  return units.filter(({ unit }) => !names.has(unit.name))
}
