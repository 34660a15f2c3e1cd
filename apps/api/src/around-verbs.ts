/** The names of those functions of `Part` that give a promise. */
export type Verb<Part> = { [Key in keyof Part]: Part[Key] extends (...args: never[]) => Promise<unknown> ? Key : never }[keyof Part] & string

/** One call that is about to be made: `go` makes it, once. */
export interface VerbCall {
  readonly verb: string
  readonly args: readonly unknown[]
  readonly go: () => Promise<unknown>
}

/** `part`, with `around` put around the calls of `verbs`; every other member is as it was. */
export function aroundVerbs<Part extends object>(part: Part, verbs: readonly Verb<Part>[], around: (call: VerbCall) => Promise<unknown>): Part {
  const members = part as Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>
  const wrapped = verbs.map((verb) => [verb, (...args: readonly unknown[]) => around({ verb, args, go: async () => members[verb]?.(...args) })] as const)
  return { ...part, ...Object.fromEntries(wrapped) }
}
