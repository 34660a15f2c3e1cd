import { itemsOf, valueOf, type Remedy } from '@plimsoll/blueprint/inspect'
import type { Service } from './service.ts'

/** Gives a service a variable, at the end of its list or as the first of a new one. */
export function settingOf({ node }: Pick<Service, 'node'>, entry: { readonly [key: string]: string | number | boolean }): Remedy {
  const list = valueOf(node, 'envVars')
  if (list !== undefined && itemsOf(node, 'envVars').length > 0) return { do: 'append', at: list.path, items: [entry] }
  return { do: 'add', at: node.path, key: 'envVars', value: [entry] }
}
