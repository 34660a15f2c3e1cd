import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Whether to look into a directory, by its path relative to where the search began. */
export type Enter = (directory: string) => boolean

/**
 * Paths of the files below `root`, relative to it, in alphabetical order; links are given and not followed. Empty where there is no such directory,
 * as for an artifact that is all in its image.
 */
export async function filesBelow(root: string, enter: Enter = () => true): Promise<string[]> {
  const found: string[] = []
  const todo = ['']
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    for (const entry of await entriesOf(join(root, at))) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`
      if (!entry.isDirectory()) found.push(path)
      else if (enter(path)) todo.push(path)
    }
  }
  return found.toSorted()
}

async function entriesOf(directory: string) {
  try {
    return await readdir(directory, { withFileTypes: true })
  } catch (error) {
    // An artifact without files of its own, or a tree that a build did not make, has nothing to look at.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return []
    throw error
  }
}

/** The app's own part of an artifact: nothing that was installed. */
export const ownPart: Enter = (directory) => !/(?:^|\/)node_modules$/.test(directory)

/** Reads files one after the other, as Latin-1: every byte is one character, whatever it holds. Links that lead nowhere are left out. */
export async function* textsOf(root: string, paths: readonly string[], signal: AbortSignal): AsyncGenerator<{ readonly path: string; readonly text: string }> {
  for (const path of paths) {
    signal.throwIfAborted()
    const text = await readFile(join(root, path), 'latin1').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')) return undefined
      throw error
    })
    if (text !== undefined) yield { path, text }
  }
}
