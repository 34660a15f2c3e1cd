import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A repository in a temporary directory that its test owns. */
export interface ScratchRepository {
  readonly root: string
  write(files: Readonly<Record<string, string>>): Promise<void>
  link(name: string, target: string): Promise<void>
  git(...args: string[]): Promise<string>
  commit(subject: string): Promise<string>
  remove(): Promise<void>
}

/** Files whose name ends in `*` are made executable; the star is not part of the name. */
export async function scratchRepository(files: Readonly<Record<string, string>>, options: { git?: boolean } = {}): Promise<ScratchRepository> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'plimsoll-repository-')))
  const git = async (...args: string[]) => (await run('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'init.defaultBranch=main', ...args], { cwd: root })).stdout.trim()
  const repository: ScratchRepository = {
    root,
    git,
    async write(more) {
      for (const [name, text] of Object.entries(more)) {
        const file = path.join(root, name.replace(/\*$/, ''))
        await mkdir(path.dirname(file), { recursive: true })
        await writeFile(file, text)
        if (name.endsWith('*')) await chmod(file, 0o755)
      }
    },
    link: (name, target) => symlink(target, path.join(root, name)),
    async commit(subject) {
      await git('add', '-A')
      await git('commit', '-q', '--allow-empty', '-m', subject)
      return git('rev-parse', 'HEAD')
    },
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 3 }),
  }
  await repository.write(files)
  if (options.git !== false) {
    await git('init', '-q')
    await repository.commit('first')
  }
  return repository
}
