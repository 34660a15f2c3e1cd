import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PlimsollError, type Source } from '@plimsoll/model'

const run = promisify(execFile)

/** The text of the Blueprint as the source holds it: of the commit, or of the working tree when that is what is released. Throws `NO_BLUEPRINT`. */
export async function blueprintText(source: Source): Promise<string> {
  if (source.commit !== undefined && !source.dirty) {
    // `./` makes the path relative to the directory and not to the top of the repository.
    const shown = await run('git', ['-C', source.root, 'show', `${source.commit}:./${source.blueprint}`], { maxBuffer: 16 * 1024 * 1024 }).catch(() => undefined)
    if (shown !== undefined) return shown.stdout
    throw missing(source)
  }
  return readFile(join(source.root, source.blueprint), 'utf8').catch(() => {
    throw missing(source)
  })
}

function missing(source: Source): PlimsollError {
  return new PlimsollError('NO_BLUEPRINT', `There is no ${source.blueprint} in ${source.root}`, {
    hint: 'Have one written: plimsoll init. Or name the directory that has one: plimsoll up DIRECTORY',
  })
}
