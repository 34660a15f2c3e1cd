import { parseSync } from 'oxc-parser'
import { isSyntax, type Syntax } from './syntax.ts'

/** A JavaScript or TypeScript file as its pieces; undefined where it is no program. Looks at nothing but the text. */
export function parseModule(path: string, text: string): Syntax | undefined {
  const { program, errors } = parseSync(path, text)
  const node: unknown = program
  return errors.length === 0 && isSyntax(node) ? node : undefined
}
