import type { TarEntry } from './tar.ts'

/** Who reads the file that holds a container's environment: the shell before it runs anything, Node before the program, or nobody. */
export type Loader = 'shell' | 'node' | undefined

export interface PlacedEnvironment {
  /** Part of the container's configuration, which `docker inspect` shows. */
  readonly shown: Readonly<Record<string, string>>
  /** Put into the container before it starts; absent where nobody would read it. */
  readonly file?: { readonly path: string; readonly text: string }
}

const directory = 'run/plimsoll'

export const environmentFiles: Readonly<Record<'shell' | 'node', string>> = {
  shell: `/${directory}/environment.sh`,
  node: `/${directory}/environment.cjs`,
}

/** What the system, the shell and Node itself read before any file could be: settings, never secrets. */
const readAtStart = /^(?:NODE_\w+|PATH|HOME|TZ|LANG|LC_\w+|LD_\w+|UV_THREADPOOL_SIZE|SSL_CERT_(?:FILE|DIR))$/

/** What a shell can set: its own variables it either guards or lives by. */
const shellName = /^(?!(?:UID|EUID|PPID|IFS|OPTIND|SHELLOPTS|BASH\w*|PS\d|_)$)[A-Za-z_][A-Za-z0-9_]*$/

/** Keeps an environment out of what the engine tells about a container, wherever something in it can read a file. */
export function placeEnvironment(environment: Readonly<Record<string, string>>, loader: Loader): PlacedEnvironment {
  if (loader === undefined) return { shown: environment }
  const isShown = ([key]: [string, string]) => readAtStart.test(key) || (loader === 'shell' && !shellName.test(key))
  const entries = Object.entries(environment)
  const hidden = entries.filter((entry) => !isShown(entry))
  const text = loader === 'node'
    ? `Object.assign(require("node:process").env, ${JSON.stringify(Object.fromEntries(hidden))})\n`
    : hidden.map(([key, value]) => `export ${key}='${value.replaceAll("'", `'\\''`)}'\n`).join('')
  return { shown: Object.fromEntries(entries.filter(isShown)), file: { path: environmentFiles[loader], text } }
}

/** The file as it is put into the container, readable by nobody but the container's own user. */
export function fileEntries(file: PlacedEnvironment['file'], uid: number): readonly TarEntry[] {
  if (file === undefined) return []
  const { path, text } = file
  return [{ path: `${directory}/`, mode: 0o755 }, { path: path.slice(1), mode: 0o400, uid, content: Buffer.from(text) }]
}
