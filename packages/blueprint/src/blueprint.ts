/** Turns the text of `render.yaml` into a model, or into diagnostics with line, column and hint. No I/O. */
export { parseBlueprint, type ParsedBlueprint } from './parse-blueprint.ts'
export { blueprintRules, type BlueprintRule } from './blueprint-rules.ts'
export { unitSpecs } from './unit-specs.ts'
export { wantedResources, type BlueprintResources } from './wanted-resources.ts'
export { resolveEnvironments, type MissingValue, type ResolvedEnvironments } from './resolve-environments.ts'
export type { Phase } from './injected-variables.ts'
export { generateValue, keptKeyOfGroup, keptKeyOfService, valuesToGenerate } from './generated-values.ts'
export { looksSecret } from './looks-secret.ts'
