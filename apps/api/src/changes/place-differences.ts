import { isPublicName } from '@plimsoll/blueprint'
import { serviceNameSchema, type Blueprint, type PlaceDifference } from '@plimsoll/model'
import { askedOf } from '../environment/stand-ins.ts'

type Kept = Readonly<Record<string, string>>

/**
 * Which variables of one Blueprint are not the same in two places, by the values that are kept in each. Addresses, which a Blueprint only names, differ
 * between any two places, and are left out. Pure; gives names, and no values.
 */
export function placeDifferences(blueprint: Blueprint, { from, to }: { readonly from: Kept; readonly to: Kept }): PlaceDifference[] {
  const all = new Map(askedOf(blueprint).map((each) => [`${each.service}/${each.variable}`, each]))
  return [...all.values()].flatMap(({ service, variable: key, why, keptAs }) => {
    const is = differenceOf(from[keptAs], to[keptAs], why === 'generated')
    return is === undefined ? [] : [{ service: serviceNameSchema.parse(service), key, is, keptAs }]
  })
}

function differenceOf(was: string | undefined, now: string | undefined, isGenerated: boolean): PlaceDifference['is'] | undefined {
  if (isGenerated) return now !== undefined && was === now ? undefined : 'own'
  if (now === undefined) return 'missing'
  return was === now ? undefined : 'different'
}

/** Those that an artifact has taken up when it was built, so that it cannot be run with others: all of a static site, and what browsers get to see. */
export function builtIntoArtifacts(blueprint: Blueprint, differences: readonly PlaceDifference[]): PlaceDifference[] {
  const isStatic = (service: string): boolean => blueprint.services.find(({ name }) => name === service)?.kind === 'static'
  return differences.filter(({ service, key }) => isPublicName(key) || isStatic(service))
}
