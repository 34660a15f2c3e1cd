import { readFileSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

/**
 * The file that `node FILE` runs, relative to `root`, found as Node finds it for `node dist` or `node dist/main`; undefined when there is none. Node's own
 * resolver remembers what it has once found, and a build may have taken that away since.
 */
export function entryFile(root: string, file: string): string | undefined {
  const at = path.join(root, file)
  const found = fileAt(at) ?? fileAt(path.join(at, mainOf(at))) ?? fileAt(path.join(at, 'index'))
  return found === undefined ? undefined : path.relative(realpathSync(root), realpathSync(found)).split(path.sep).join('/')
}

/** In the order of Node's documentation, "Modules: CommonJS modules", LOAD_AS_FILE. */
function fileAt(at: string): string | undefined {
  return ['', '.js', '.json', '.node'].map((ending) => `${at}${ending}`).find((one) => statSync(one, { throwIfNoEntry: false })?.isFile() === true)
}

const manifestSchema = z.object({ main: z.string().default('index') })

function mainOf(directory: string): string {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8'))).main
  } catch {
    return 'index' // No manifest, or one that Node would not make sense of either.
  }
}
