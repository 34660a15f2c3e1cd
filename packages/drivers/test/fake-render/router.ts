import type { Answered, Asked } from './exchange.ts'
import type { World } from './world.ts'

/** By method and path as Render's OpenAPI document writes it: `GET /services/{serviceId}`. */
export type Routes = Readonly<Record<string, (world: World, asked: Asked) => Answered>>

export interface Routed {
  readonly template: string
  readonly params: Readonly<Record<string, string>>
}

/** Which route a request is for; undefined where the fake has none. */
export function route(routes: Routes, method: string, path: string): Routed | undefined {
  const segments = path.split('/')
  for (const name of Object.keys(routes)) {
    const [verb, template = ''] = name.split(' ')
    const wanted = template.split('/')
    if (verb !== method || wanted.length !== segments.length) continue
    const params: Record<string, string> = {}
    const fits = wanted.every((each, index) => {
      const segment = segments[index] ?? ''
      if (!each.startsWith('{')) return each === segment
      params[each.slice(1, -1)] = decodeURIComponent(segment)
      return true
    })
    if (fits) return { template, params }
  }
  return undefined
}
