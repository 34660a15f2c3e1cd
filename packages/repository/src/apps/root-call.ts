import { posix } from 'node:path'

/** Flags of Node that take the next word with them. */
const takesNext = new Set(['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions', '--title'])
const preloads = new Set(['-r', '--require', '--import', '--loader', '--experimental-loader'])
const values = /^--env-file(?:-if-exists)?(?:=|$)/

/**
 * A script that does nothing but run one file with Node, as it is written from the root: `node dist/main.js` of `apps/api` is
 * `node apps/api/dist/main.js`. A process of its own meets signals that a package manager around it would not hand on. Undefined for any other script.
 */
export function nodeCallFromRoot(script: string, directory: string): { readonly command: string; readonly file: string } | undefined {
  if (/[;&|<>$`'"(){}*\\]/.test(script)) return undefined
  const words = script.trim().split(/\s+/)
  // Places say themselves that they are production.
  while (words[0] === 'cross-env' || words[0] === 'exec' || words[0]?.startsWith('NODE_ENV=') === true) words.shift()
  if (words.shift() !== 'node') return undefined
  const kept: string[] = []
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (!word.startsWith('-')) {
      const file = posix.join(directory, word)
      return { command: ['node', ...kept, file, ...words].join(' '), file }
    }
    // Files of values are not in the repository.
    if (values.test(word)) {
      if (!word.includes('=')) words.shift()
      continue
    }
    const [flag = '', inline] = word.split(/=(.*)/s)
    const value = inline ?? (takesNext.has(flag) ? words.shift() : undefined)
    // A package is looked for from where Node is started, which is not where it is installed.
    if (preloads.has(flag) && value?.startsWith('.') !== true) return undefined
    if (/^-(?:e|p|pe|i)$|^--(?:eval|print|run|test|watch)$/.test(flag)) return undefined
    kept.push(value === undefined ? word : preloads.has(flag) ? `${flag}=./${posix.join(directory, value)}`.replace(/^-r=/, '--require=') : `${flag}=${value}`)
  }
  return undefined
}

/** The first file of code that a script names, from the root: what `tsx src/server.ts` runs. */
export function codeIn(script: string, directory: string): string | undefined {
  const word = script.split(/\s+/).find((each) => /^[\w./@-]+\.[cm]?[jt]s$/.test(each))
  return word === undefined ? undefined : posix.join(directory, word)
}
