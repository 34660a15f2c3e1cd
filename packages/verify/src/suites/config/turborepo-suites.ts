import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { UserConfig } from '@plimsoll/testing/config'
import { parse } from 'yaml'
import { z } from 'zod'

const tasks = [['integration', 'test:integration'], ['e2e', 'test:e2e']] as const
const turboSchema = z.object({ tasks: z.record(z.string(), z.unknown()) })
const workspaceSchema = z.object({ packages: z.array(z.string()) })
const manifestSchema = z.object({ scripts: z.record(z.string(), z.string()).default({}) })

/** The suites of a repository that has no configuration: what Turborepo runs as `test:integration` and `test:e2e`, in packages that have such a script. */
export async function suitesOfTurborepo(root: string): Promise<NonNullable<UserConfig['suites']>> {
  const turbo = turboSchema.safeParse(await json(join(root, 'turbo.json')))
  if (!turbo.success) return []
  const known = Object.keys(turbo.data.tasks)
  const scripts = new Set<string>()
  for await (const file of glob(await manifestsIn(root), { cwd: root, exclude: ['**/node_modules/**'] })) {
    const manifest = manifestSchema.safeParse(await json(join(root, file)))
    if (manifest.success) for (const script of Object.keys(manifest.data.scripts)) scripts.add(script)
  }
  // Turborepo hides variables that nobody declared from its tasks, and answers from its cache what a copy was to be asked.
  return tasks
    .filter(([, task]) => scripts.has(task) && known.some((name) => name === task || name.endsWith(`#${task}`)))
    .map(([name, task]) => ({ name, command: `pnpm exec turbo run ${task} --env-mode=loose --force --output-logs=full`, needs: { browser: name === 'e2e' } }))
}

async function manifestsIn(root: string): Promise<string[]> {
  const workspace = workspaceSchema.safeParse(await taken(join(root, 'pnpm-workspace.yaml'), parse))
  const packages = workspace.success ? workspace.data.packages.filter((pattern) => !pattern.startsWith('!')) : []
  return ['.', ...packages].map((pattern) => join(pattern, 'package.json'))
}

/** Turborepo allows comments on lines of their own. */
function json(file: string): Promise<unknown> {
  return taken(file, (text) => JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, '')))
}

/** Undefined where there is no such file, and where it cannot be understood. */
async function taken(file: string, parse: (text: string) => unknown): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8'))
  } catch {
    // Whoever builds with it says what is wrong with it.
    return undefined
  }
}
