import { readText, type SourceTree } from '@plimsoll/repository'
import { parse } from 'yaml'
import { z } from 'zod'

const dependenciesSchema = z.record(z.string(), z.object({ version: z.string() })).default({})
const lockSchema = z.object({ importers: z.record(z.string(), z.object({ dependencies: dependenciesSchema, devDependencies: dependenciesSchema })).default({}) })

/** The version of a package that pnpm-lock.yaml settles for the root of a workspace; undefined when the root does not ask for it. */
export async function lockedVersion(tree: SourceTree, name: string): Promise<string | undefined> {
  const read = lockSchema.safeParse(parse((await readText(tree, 'pnpm-lock.yaml')) ?? '{}'))
  const root = read.data?.importers['.']
  const found = root?.devDependencies[name] ?? root?.dependencies[name]
  // A version can carry the peers that it was resolved with, in brackets.
  return found?.version.replace(/\(.*$/, '')
}
