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

/** A text with what stands where in it. */
export interface YamlText {
  readonly text: string
  readonly contents: Node | null
}

/** Undefined for a text that cannot be read. */
export function readYamlText(text: string): YamlText | undefined {
  const { errors, contents } = parseDocument(text, { uniqueKeys: false, prettyErrors: false, logLevel: 'silent' })
  return errors.length > 0 ? undefined : { text, contents: contents as Node | null }
}

export function spotAt({ contents }: YamlText, path: string): Spot | undefined {
  return pathSteps(path)?.reduce<Spot | undefined>((spot, step) => spot && below(spot, step), { value: contents, holder: undefined })
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
