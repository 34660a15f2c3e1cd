export type ManagerCall = {
  readonly manager: 'pnpm' | 'npm' | 'yarn' | 'bun'
  /** `install` also stands for every other call that runs nothing of the repository's own. */
  readonly kind: 'install' | 'script' | 'tool'
  /** The script, or the tool. */
  readonly name: string
  readonly args: readonly string[]
  readonly filters: readonly string[]
  /** From `-C` and its like. */
  readonly directory?: string
  /** `pnpm -r`: every package. */
  readonly recursive: boolean
}

const installs = new Set(['install', 'i', 'ci', 'add', 'fetch', 'rebuild', 'prune', 'dedupe', 'import', 'store', 'config', 'set', 'version', 'approve-builds', '--version', '-v', 'help', 'audit', 'clean-install', 'install-clean', 'install-test', 'it'])
const filterFlags = new Set(['--filter', '-F', '--filter-prod', '--workspace', '-w'])
const directoryFlags = new Set(['-C', '--dir', '--prefix', '--cwd'])
/** Flags of package managers that take the next word with them. */
const valueFlags = new Set(['--loglevel', '--reporter', '--workspace-concurrency', '--network-concurrency', '--store-dir', '-p', '--package', '--config'])

/** Understands a call of pnpm, npm, Yarn or Bun; undefined when `program` is none of them. */
export function parsePackageManager(program: string, args: readonly string[]): ManagerCall | undefined {
  if (program === 'npx' || program === 'pnpx' || program === 'bunx') {
    const { rest } = readFlags('npm', args)
    return { manager: 'npm', kind: 'tool', name: rest[0] ?? '', args: rest.slice(1), filters: [], recursive: false }
  }
  const manager = program === 'pn' ? 'pnpm' : program
  if (manager !== 'pnpm' && manager !== 'npm' && manager !== 'yarn' && manager !== 'bun') return undefined
  const before = readFlags(manager, args)
  const [verb = 'install', ...words] = before.rest
  const call = (kind: ManagerCall['kind'], rest: readonly string[]): ManagerCall => {
    const [name = '', ...more] = rest
    const directory = before.directory
    return { manager, kind, name, args: more[0] === '--' ? more.slice(1) : more, filters: before.filters, recursive: before.recursive, ...(directory !== undefined && { directory }) }
  }
  if (installs.has(verb)) return call('install', before.rest)
  if (verb === 'run' || verb === 'run-script') return afterVerb(call('script', words), words, manager)
  if (verb === 'exec' || verb === 'x' || verb === 'dlx') return afterVerb(call('tool', words), words, manager)
  if (manager === 'yarn' && verb === 'workspace') return { ...call('script', words.slice(1).filter((word) => word !== 'run')), filters: words.slice(0, 1) }
  if (manager === 'npm' && verb !== 'start' && verb !== 'test' && verb !== 'stop' && verb !== 'restart') return call('install', before.rest)
  return afterVerb(call('script', before.rest), before.rest, manager)
}

/** npm also takes its flags behind the script's name (`npm start -w api`), up to `--`. */
function afterVerb(call: ManagerCall, words: readonly string[], manager: ManagerCall['manager']): ManagerCall {
  const end = words.indexOf('--')
  const own = end === -1 ? words : words.slice(0, end)
  const flags = readFlags(manager, manager === 'npm' || manager === 'bun' ? own : own.slice(0, firstName(own)), manager === 'npm')
  const [name = call.name, ...rest] = manager === 'npm' ? [...flags.rest, ...(end === -1 ? [] : words.slice(end + 1))] : words.slice(firstName(words))
  const directory = flags.directory ?? call.directory
  return {
    ...call,
    name,
    args: rest[0] === '--' ? rest.slice(1) : rest,
    filters: [...call.filters, ...flags.filters],
    recursive: call.recursive || flags.recursive,
    ...(directory !== undefined && { directory }),
  }
}

function firstName(words: readonly string[]): number {
  const at = words.findIndex((word, index) => !word.startsWith('-') && !takesNext(words[index - 1]))
  return at === -1 ? words.length : at
}

function takesNext(word: string | undefined): boolean {
  return word !== undefined && (filterFlags.has(word) || directoryFlags.has(word) || valueFlags.has(word))
}

interface Flags {
  readonly rest: readonly string[]
  readonly filters: readonly string[]
  readonly directory: string | undefined
  readonly recursive: boolean
}

/** Reads the manager's own flags up to the first name, or (for `everywhere`) all of them. */
function readFlags(manager: string, args: readonly string[], everywhere = false): Flags {
  const filters: string[] = []
  const rest: string[] = []
  let directory: string | undefined
  let recursive = false
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? ''
    if (!word.startsWith('-') || (rest.length > 0 && !everywhere)) {
      rest.push(word)
      continue
    }
    const [flag, inline] = splitFlag(word)
    // pnpm's `-w` means the workspace's root and takes no value.
    const takes = takesNext(flag) && !(manager === 'pnpm' && flag === '-w')
    const value = inline ?? (takes ? args[++index] : undefined) ?? ''
    if (takes && filterFlags.has(flag)) filters.push(value)
    if (directoryFlags.has(flag)) directory = value
    if (flag === '-r' || flag === '--recursive' || flag === '--workspaces') recursive = true
  }
  return { rest, filters, directory, recursive }
}

function splitFlag(word: string): [string, string | undefined] {
  const at = word.indexOf('=')
  if (at > 0) return [word.slice(0, at), word.slice(at + 1)]
  return word.startsWith('-F') && word.length > 2 ? ['-F', word.slice(2)] : [word, undefined]
}
