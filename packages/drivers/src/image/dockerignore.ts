import type { SourceTree } from '@plimsoll/repository'
import { mayShip } from '../build/file-plan.ts'

/** What builds make. Where the repository has files of such a name, it means something else by it, and they stay in. */
const outputs = ['dist', 'build', 'out', 'coverage']
const notRead = ['.git', '.github', '.vscode', '.idea', '.DS_Store']
const keys = ['.pem', '.key', '.log', '.tsbuildinfo']

/**
 * The `.dockerignore` of a repository: keeps out of a build's context what builds make, what no build reads, and everybody's own
 * values. Apart from `.env` files that are for a machine, nothing that is committed and that a build could read is kept out.
 */
export function dockerignore({ files }: Pick<SourceTree, 'files'>): string {
  const names = [...files.keys()]
  const isUsed = (name: string) => names.some((file) => file.split('/').includes(name))
  const values = names.filter((file) => /(?:^|\/)\.env(?:\.|$)[^/]*$/.test(file) && mayShip(file.split('/').at(-1) ?? ''))
  const sections: [string, string[]][] = [
    ['What a build makes itself', ['node_modules', '.next', '.turbo', ...outputs.filter((name) => !isUsed(name))].map((name) => `**/${name}`)],
    ['What no build reads', [...notRead.map((name) => `**/${name}`), '**/Dockerfile', '**/*.Dockerfile', '**/.dockerignore', 'compose*.yaml', 'render*.yaml', '*.md']],
    ['Values, keys and logs of somebody\'s machine', ['**/.env', '**/.env.*', ...values.map((file) => `!${file}`), ...keys.filter((end) => !names.some((file) => file.endsWith(end))).map((end) => `**/*${end}`)]],
  ]
  return sections.map(([title, lines]) => `# ${title}\n${lines.join('\n')}\n`).join('\n')
}
