import { isDeepStrictEqual } from 'node:util'
import { looksSecret } from '@plimsoll/blueprint'
import { appNameSchema } from '@plimsoll/model'
import { suspicion, type Mistake, type Place } from '@plimsoll/verify/config'
import type { Asked } from '../environment/stand-ins.ts'
import { clusterOf } from './cluster-of.ts'

type Open = Pick<Asked, 'service' | 'variable' | 'keptAs' | 'why'>
type Places = Readonly<Record<string, Place>>

/** What is wrong with the places of a configuration beyond their form: secrets in them, variables that the Blueprint does not leave open, two places that are one app. */
export function placeMistakes(places: Places, asked: readonly Open[], appOf: (place: string) => string): Mistake[] {
  const all = Object.entries(places)
  return all.flatMap(([name, place], index) => {
    const same = all.slice(0, index).find(([other, { server }]) => appOf(other) === appOf(name) && server === place.server)
    const variables = Object.entries(place.variables).flatMap(([key, value]): Mistake[] => {
      const message = wrongWith({ key, value, app: appOf(name) }, asked)
      return message === undefined ? [] : [{ path: ['places', name, 'variables', key], message }]
    })
    const tooLong = !appNameSchema.safeParse(appOf(name)).success
    const elsewhere = place.managers === undefined ? undefined : all.slice(0, index).find(([, other]) => other.managers !== undefined && !isDeepStrictEqual(clusterOf(other), clusterOf(place)))
    return [...(elsewhere === undefined ? [] : [{ path: ['places', name, 'managers'], message: `tells of another cluster than ${elsewhere[0]}: a Plimsoll has one` }]), ...(tooLong ? [{ path: ['places', name], message: `would be the app ${appOf(name)}, which is longer than 63 characters: give it an app` }] : []), ...(same === undefined ? [] : [{ path: ['places', name], message: `is the same app as ${same[0]}: ${appOf(name)}` }]), ...variables]
  })
}

function wrongWith({ key, value, app }: { readonly key: string; readonly value: string; readonly app: string }, asked: readonly Open[]): string | undefined {
  const [first] = keysFor(key, asked)
  const suspect = suspicion({ key: key.slice(key.lastIndexOf('/') + 1), value }, looksSecret)
  if (suspect !== undefined) return `holds ${suspect.what}, and a configuration is read by everybody: plimsoll env set --app ${app} ${first ?? key}=…`
  return first === undefined ? 'is no variable that the Blueprint leaves open: mark it with sync: false there' : undefined
}

/** Under which keys a variable of a configuration is kept: the one that it names, or those of every service that leaves it open. */
export function keysFor(name: string, asked: readonly Open[]): string[] {
  const meant = asked.filter(({ service, variable, keptAs, why }) => why === 'kept' && (name === variable || name === keptAs || name === `${service}/${variable}`))
  return [...new Set(meant.map(({ keptAs }) => keptAs))]
}
