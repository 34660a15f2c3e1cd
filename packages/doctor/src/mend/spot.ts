import { isMap, isPair, isScalar, isSeq, parseDocument, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import { pathSteps } from './path-steps.ts'

/** A place in a YAML text: what stands there, and what holds it. Aliases and merged keys have none: to change them changes other places too. */
export interface Spot {
  readonly value: Node | null
  /** Undefined for the document itself. */
  readonly holder: Holder | undefined
}

export type Holder =
  | { readonly is: 'map'; readonly map: YAMLMap; readonly index: number; readonly pair: Pair; readonly outer: Spot }
  | { readonly is: 'list'; readonly list: YAMLSeq; readonly index: number; readonly outer: Spot }

/** The spot at `path` of a text that can be read. */
export function spotAt(text: string, path: string): Spot | undefined {
  const steps = pathSteps(path)
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false })
  if (steps === undefined || document.errors.length > 0) return undefined
  return steps.reduce<Spot | undefined>((spot, step) => spot && below(spot, step), { value: document.contents as Node | null, holder: undefined })
}

function below(outer: Spot, step: string | number): Spot | undefined {
  const { value } = outer
  if (isMap(value) && typeof step === 'string') {
    // Of two keys of one name neither can be told from its path.
    const same = value.items.flatMap((pair, index) => (keyOf(pair) === step ? [{ pair, index }] : []))
    const [found] = same
    if (found === undefined || same.length > 1) return undefined
    return { value: (found.pair.value as Node | null) ?? null, holder: { is: 'map', map: value, ...found, outer } }
  }
  if (!isSeq(value) || typeof step !== 'number') return undefined
  const item = value.items[step]
  if (item === undefined || isPair(item)) return undefined
  return { value: item as Node | null, holder: { is: 'list', list: value, index: step, outer } }
}

function keyOf({ key }: Pair): string | undefined {
  if (!isScalar(key)) return undefined
  return typeof key.value === 'string' ? key.value : key.source
}
