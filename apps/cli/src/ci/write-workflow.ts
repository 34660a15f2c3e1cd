import { access, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import { githubWorkflow } from './github-workflow.ts'

export interface WrittenWorkflow {
  /** Relative to the repository. */
  readonly path: string
  /** False for one that was there, and stays as it was. */
  readonly written: boolean
}

const path = '.github/workflows/verify.yml'

/** A workflow that is not written yet. */
export interface PlannedWorkflow {
  /** The repository around the directory of the Blueprint. */
  readonly repository: string
  /** Relative to the repository. */
  readonly path: string
  readonly text: string
}

/** A GitHub workflow that verifies the Blueprint in `root`. Throws `SOURCE_UNREADABLE` where no repository is around it: GitHub would never see the file. */
export async function planGithubWorkflow(root: string): Promise<PlannedWorkflow> {
  const repository = await repositoryAround(root)
  if (repository === undefined) throw new PlimsollError('SOURCE_UNREADABLE', `${root} is in no git repository`, { hint: 'git init' })
  const directory = relative(repository, root).replaceAll('\\', '/') || '.'
  const text = githubWorkflow({
    writtenBy: 'Written by plimsoll init --ci github, for reading and for changing.',
    install: await installIn(root, directory), plimsoll: 'npx plimsoll', directory: quoted(directory), node: await nodeIn(root, directory),
  })
  return { repository, path, text }
}

/** Writes what `planGithubWorkflow` plans. A workflow that is there stays as it is, unless `force`. */
export async function writeGithubWorkflow({ root, force }: { readonly root: string; readonly force: boolean }): Promise<WrittenWorkflow> {
  const { repository, text } = await planGithubWorkflow(root)
  const file = join(repository, path)
  await mkdir(dirname(file), { recursive: true })
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' })
    return { path, written: true }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return { path, written: false }
    throw error
  }
}

async function repositoryAround(directory: string): Promise<string | undefined> {
  if (await isThere(join(directory, '.git'))) return directory
  const above = dirname(directory)
  return above === directory ? undefined : repositoryAround(above)
}

const manifestSchema = z.object({
  packageManager: z.string().optional().catch(undefined),
  devEngines: z.object({ packageManager: z.object({ name: z.string(), version: z.string() }).optional().catch(undefined) }).optional().catch(undefined),
}).catch({})

/** What installs dependencies there; nothing where there is no lockfile. */
async function installIn(root: string, directory: string): Promise<string[]> {
  const into = directory === '.' ? [] : [`cd ${quoted(directory)}`]
  if (await isThere(join(root, 'pnpm-lock.yaml'))) return [`npm install --global pnpm@${await pnpmVersionIn(root)}`, ...into, 'pnpm install --frozen-lockfile']
  if (await isThere(join(root, 'yarn.lock'))) return ['corepack enable', ...into, 'yarn install --immutable']
  return (await isThere(join(root, 'package-lock.json'))) ? [...into, 'npm ci'] : []
}

async function pnpmVersionIn(root: string): Promise<string> {
  const { packageManager, devEngines } = manifestSchema.parse(await readJson(join(root, 'package.json')))
  const named = packageManager?.startsWith('pnpm@') === true ? packageManager.slice('pnpm@'.length).split('+')[0] : devEngines?.packageManager?.name === 'pnpm' ? devEngines.packageManager.version : undefined
  // What is no plain version stands in a script otherwise.
  return named !== undefined && /^\d[\w.-]*$/.test(named) ? named : 'latest'
}

async function nodeIn(root: string, directory: string): Promise<string> {
  for (const file of ['.nvmrc', '.node-version']) if (await isThere(join(root, file))) return `node-version-file: ${JSON.stringify(directory === '.' ? file : `${directory}/${file}`)}`
  return 'node-version: 24'
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    // No manifest, or none that can be read: then nothing is known of it.
    return {}
  }
}

/** As one word of a shell. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(() => true, () => false)
}
