import { blueprintRules, type BlueprintRule } from '@plimsoll/blueprint'
import type { Rule } from './rule.ts'

/** What a Blueprint is held to by itself, as rules like all others. Their list, their severity and their words are those of the Blueprint's own package. */
export const rulesOfBlueprint: readonly Rule[] = (Object.keys(blueprintRules) as BlueprintRule[]).map((id): Rule => ({
  id,
  ...blueprintRules[id],
  *find({ inspected }) {
    for (const { diagnostic, remedy } of inspected.faults) {
      if (diagnostic.rule !== id) continue
      const { line, column, path, message, hint = '' } = diagnostic
      yield { place: { at: { line, column }, path }, message, fix: hint, remedy }
    }
  },
}))
