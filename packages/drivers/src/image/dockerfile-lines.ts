/** One instruction of a Dockerfile. */
export interface Instruction {
  /** Where it begins; counts from 1. */
  readonly line: number
  /** In capitals: `COPY`. */
  readonly name: string
  /** What follows, lines that go on joined into one. */
  readonly rest: string
}

/** Takes a Dockerfile apart far enough to see which instructions it holds. */
export function readDockerfile(text: string): Instruction[] {
  const found: Instruction[] = []
  let begun: { line: number; parts: string[] } | undefined
  text.split('\n').forEach((raw, index) => {
    const line = raw.trim()
    if (line.startsWith('#') || (line === '' && begun === undefined)) return
    begun ??= { line: index + 1, parts: [] }
    begun.parts.push(line.replace(/\\$/, '').trim())
    if (line.endsWith('\\')) return
    const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(begun.parts.join(' ').trim()) ?? []
    found.push({ line: begun.line, name: name.toUpperCase(), rest })
    begun = undefined
  })
  return found
}

/** Files that a COPY or ADD takes from the build context; none for what comes from another stage. */
export function copiedFiles({ name, rest }: Instruction): string[] {
  if (name !== 'COPY' && name !== 'ADD') return []
  const words = rest.startsWith('[') ? jsonWords(rest) : rest.split(/\s+/)
  if (words.some((word) => word.startsWith('--from='))) return []
  return words.filter((word) => !word.startsWith('--')).slice(0, -1)
}

function jsonWords(text: string): string[] {
  try {
    const words: unknown = JSON.parse(text)
    return Array.isArray(words) ? words.map(String) : []
  } catch {
    // The engine says better than we could what is wrong with it.
    return []
  }
}
