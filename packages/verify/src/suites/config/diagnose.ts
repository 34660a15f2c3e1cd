import type { Diagnostic } from '@plimsoll/model'
import type { core } from 'zod'
import type { FilePosition } from './value-places.ts'

/** A mistake in a file that a person wrote, as the schema found it. */
export interface Mistake {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Every mistake of a value that a schema did not take: one for each key that nobody knows. */
export function mistakesIn(issues: readonly core.$ZodIssue[]): readonly Mistake[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is no setting that is known' }))
    return [{ path: issue.path, message: issue.code === 'invalid_type' && issue.input === undefined ? 'is missing' : `${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}` }]
  })
}

/** Mistakes with their places, in the order of the file. */
export function diagnose(rule: string, mistakes: readonly Mistake[], file: { readonly name: string; readonly place: (path: readonly PropertyKey[]) => FilePosition }): readonly Diagnostic[] {
  return mistakes
    .map(({ path, message }): Diagnostic => ({ rule, severity: 'error', file: file.name, ...file.place(path), path: written(path), message }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
}

/** `suites[2].name` */
function written(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`), '')
}
