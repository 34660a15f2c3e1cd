import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const shopFiles = fileURLToPath(new URL('../../fixtures/', import.meta.url))
const ownFiles = fileURLToPath(new URL('../../../', import.meta.url))
const storefrontFiles = fileURLToPath(new URL('../../../examples/storefront', import.meta.url))

/** A small git repository that can be released. */
export interface FixtureRepo {
  readonly directory: string
  write(path: string, text: string): Promise<void>
  git(...args: readonly string[]): Promise<string>
  /** Changes what is released and commits it. */
  change(text: string): Promise<void>
}

export interface FixtureOptions {
  readonly directory: string
  /** The Blueprint; undefined writes none. */
  readonly blueprint: string | undefined
  /** Beside the shop's server: path → text. */
  readonly files?: Readonly<Record<string, string>>
}

/** Writes the repository and its first commit. */
export async function createFixtureRepo({ directory, blueprint, files = {} }: FixtureOptions): Promise<FixtureRepo> {
  const repo = repoAt(directory)
  await mkdir(directory, { recursive: true })
  await cp(shopFiles, directory, { recursive: true })
  await repo.write('package.json', `${JSON.stringify({ name: 'shop', private: true, type: 'module' }, null, 2)}\n`)
  if (blueprint !== undefined) await repo.write('render.yaml', blueprint)
  for (const [path, text] of Object.entries(files)) await repo.write(path, text)
  await begin(repo)
  return repo
}

/** A repository that holds these files and no others: path → text. */
export async function createRepoOf(directory: string, files: Readonly<Record<string, string>>): Promise<FixtureRepo> {
  const repo = repoAt(directory)
  for (const [path, text] of Object.entries(files)) await repo.write(path, text)
  await begin(repo)
  return repo
}

/** A repository of its own that holds the example, without what was installed or built in it. */
export async function createStorefrontRepo(directory: string): Promise<FixtureRepo> {
  const repo = repoAt(directory)
  const made = /\/(?:node_modules|\.next|dist|\.turbo|next-env\.d\.ts|[^/]*\.tsbuildinfo)$/
  await cp(storefrontFiles, directory, { recursive: true, filter: (path) => !made.test(path) })
  await begin(repo)
  return repo
}

/** A repository of its own that holds this very one as it lies here, with `changes` made to files of it: path → what the text becomes. */
export async function createOwnRepo(directory: string, changes: Readonly<Record<string, (text: string) => string>>): Promise<FixtureRepo> {
  const repo = repoAt(directory)
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ownFiles, maxBuffer: 2 ** 24 })
  for (const path of stdout.split('\0').filter((each) => each !== '')) {
    // A file that was deleted and not yet committed so is listed too.
    await cp(join(ownFiles, path), join(directory, path)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    })
  }
  for (const [path, change] of Object.entries(changes)) await repo.write(path, change(await readFile(join(directory, path), 'utf8')))
  await begin(repo)
  return repo
}

async function begin({ git }: FixtureRepo): Promise<void> {
  await git('init', '-q')
  await git('add', '-A')
  await git('commit', '-q', '-m', 'The shop opens')
}

function repoAt(directory: string): FixtureRepo {
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), text)
  }
  const git = async (...args: readonly string[]): Promise<string> => {
    // Independent of whoever runs it: no hooks, no signing, a name of its own.
    const own = ['-c', 'user.name=Fixture', '-c', 'user.email=fixture@localhost', '-c', 'commit.gpgsign=false', '-c', 'core.hooksPath=/dev/null', '-c', 'init.defaultBranch=main']
    return (await run('git', [...own, ...args], { cwd: directory })).stdout.trim()
  }
  return {
    directory,
    write,
    git,
    async change(text) {
      await write('release.txt', `${text}\n`)
      await git('add', '-A')
      await git('commit', '-q', '-m', `Now ${text}`)
    },
  }
}

export interface ShopBlueprint {
  readonly build?: string
  readonly start?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** A Blueprint of one web service that is the shop. */
export function shopBlueprint({ build = 'node --check shop-server.mjs', start = 'node shop-server.mjs', environment = {} }: ShopBlueprint): string {
  const variables = Object.entries(environment).map(([key, value]) => `      - key: ${key}\n        value: ${JSON.stringify(value)}\n`)
  return `services:
  - type: web
    name: web
    runtime: node
    buildCommand: ${JSON.stringify(build)}
    startCommand: ${JSON.stringify(start)}
    healthCheckPath: /healthz
    maxShutdownDelaySeconds: 10
${variables.length === 0 ? '' : `    envVars:\n${variables.join('')}`}`
}
