export interface SimpleCommand {
  /** Program and arguments, quotes taken off; leading `NAME=value` words are dropped. */
  readonly words: readonly string[]
}

export interface ParsedLine {
  readonly commands: readonly SimpleCommand[]
  /** False when the line uses more of the shell than is understood here: substitutions, loops, functions, here-documents. */
  readonly understood: boolean
}

const separators = new Set(['&&', '||', ';', '|', '&', '\n'])
const keywords = new Set(['if', 'then', 'else', 'elif', 'fi', 'for', 'while', 'until', 'do', 'done', 'case', 'esac', 'function', '{', '}', '[['])
const assignment = /^[A-Za-z_][A-Za-z0-9_]*=/
const operator = /^(?:&&|\|\||[;|&\n])/
const redirection = /^[0-9]*(?:>>|>|<)(?:&[0-9-]?)?/

/** Takes a command line apart far enough to see which programs it runs with which arguments. Runs nothing. */
export function parseLine(line: string): ParsedLine {
  const { words, understood } = tokenize(line.replaceAll(/\\\n/g, ' '))
  const commands: SimpleCommand[] = []
  let current: string[] = []
  for (const word of [...words, { text: ';', bare: true }]) {
    if (!(word.bare && separators.has(word.text))) {
      if (current.length > 0 || !assignment.test(word.text)) current.push(word.text)
      continue
    }
    if (current.length > 0) commands.push({ words: withoutPrefix(current) })
    current = []
  }
  const odd = commands.some(({ words: [first = ''] }) => keywords.has(first))
  return { commands: commands.filter(({ words: list }) => list.length > 0), understood: understood && !odd }
}

interface Word {
  readonly text: string
  /** Written without quotes, so that it can be an operator. */
  readonly bare: boolean
}

function tokenize(line: string): { words: Word[]; understood: boolean } {
  const words: Word[] = []
  let rest = line
  let understood = true
  while (rest !== '') {
    const blank = /^[ \t\r]+/.exec(rest)?.[0] ?? ''
    rest = rest.slice(blank.length)
    if (rest === '') break
    const comment = blank !== '' || words.length === 0 ? /^#[^\n]*/.exec(rest)?.[0] : undefined
    const redirect = redirection.exec(rest)?.[0]
    const op = operator.exec(rest)?.[0]
    if (comment !== undefined) {
      rest = rest.slice(comment.length)
    } else if (redirect !== undefined) {
      if (rest.startsWith('<<')) understood = false
      rest = rest.slice(redirect.length)
      // The file of a redirection is not an argument.
      if (!redirect.includes('&')) rest = rest.replace(/^[ \t]*[^ \t\n;&|]+/, '')
    } else if (op !== undefined) {
      words.push({ text: op, bare: true })
      rest = rest.slice(op.length)
    } else {
      const taken = takeWord(rest)
      words.push({ text: taken.text, bare: !taken.quoted })
      if (!taken.understood) understood = false
      rest = rest.slice(taken.length)
    }
  }
  return { words, understood }
}

const pieces: readonly { pattern: RegExp; quoted: boolean; text: (match: RegExpExecArray) => string }[] = [
  { pattern: /^'([^']*)'/, quoted: true, text: (match) => match[1] ?? '' },
  { pattern: /^"((?:[^"\\]|\\.)*)"/s, quoted: true, text: (match) => (match[1] ?? '').replaceAll(/\\(["\\$`])/g, '$1') },
  { pattern: /^\\(.)/s, quoted: true, text: (match) => match[1] ?? '' },
  { pattern: /^[^\s'"\\;|&<>]+/, quoted: false, text: (match) => match[0] },
  // An unclosed quote or a lone operator character: taken as it stands.
  { pattern: /^./s, quoted: true, text: (match) => match[0] },
]

function takeWord(rest: string): { text: string; length: number; quoted: boolean; understood: boolean } {
  let text = ''
  let length = 0
  let quoted = false
  let understood = true
  while (length < rest.length && !/^[\s;|&<>]/.test(rest.slice(length))) {
    const left = rest.slice(length)
    const found = pieces.flatMap((piece) => {
      const match = piece.pattern.exec(left)
      return match === null ? [] : { piece, match }
    })[0]
    if (found === undefined) break
    const { piece, match } = found
    if (!match[0].startsWith("'") && /\$\(|`|^\(|\)$/.test(match[0])) understood = false
    text += piece.text(match)
    quoted ||= piece.quoted
    length += match[0].length
  }
  return { text, length: Math.max(length, 1), quoted, understood }
}

/** `exec node x` and `env A=b node x` run `node x`. */
function withoutPrefix(words: string[]): string[] {
  let rest = words
  while (rest[0] === 'exec' || rest[0] === 'env' || rest[0] === 'nohup' || rest[0] === 'time') {
    rest = rest.slice(1)
    while (rest[0] !== undefined && (assignment.test(rest[0]) || rest[0] === '-')) rest = rest.slice(1)
  }
  return rest
}
