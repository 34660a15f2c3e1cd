/** One line that a reader is told to type. */
export interface TypedCommand {
  /** Where it stands in the document, from 1. */
  readonly line: number
  readonly command: string
  /** The status that the document says it ends with, by `# exits N` behind it; 0 where it says nothing. */
  readonly exits: number
}

export interface Lesson {
  readonly title: string
  readonly commands: readonly TypedCommand[]
  /** What the reader is asked to think about. */
  readonly questions: number
}

/** The parts of a course in Markdown, by its headings of the second level. Each line of a fenced `sh` block is a command. */
export function lessonsIn(markdown: string): Lesson[] {
  const lessons: { title: string; commands: TypedCommand[]; questions: number }[] = []
  let isTyped = false
  for (const [i, text] of markdown.split('\n').entries()) {
    const last = lessons.at(-1)
    if (text.startsWith('```')) isTyped = text === '```sh'
    else if (isTyped) last?.commands.push({ line: i + 1, command: text, exits: Number(/ # exits (\d+)$/.exec(text)?.[1] ?? 0) })
    else if (text.startsWith('## ')) lessons.push({ title: text.slice(3), commands: [], questions: 0 })
    else if (text.startsWith('**Think:**') && last !== undefined) last.questions += 1
  }
  return lessons
}
