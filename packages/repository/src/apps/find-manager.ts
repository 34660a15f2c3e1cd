import type { WorkspacePackage } from '../workspace.ts'
import type { ReadRepository } from './read-repository.ts'

/** The package manager of a repository. */
export interface FoundManager {
  readonly name: 'pnpm' | 'npm' | 'yarn'
  /** Yarn 2 and later, whose commands differ. */
  readonly isModernYarn: boolean
  /** Undefined where there is none, so that nothing can be installed exactly as it was. */
  readonly lockfile: string | undefined
  /** Whether packages lie in `node_modules` directories. */
  readonly hasNodeModules: boolean
  readonly from: string
}

const lockfiles = { pnpm: ['pnpm-lock.yaml'], npm: ['package-lock.json', 'npm-shrinkwrap.json'], yarn: ['yarn.lock'] } as const
const names = ['pnpm', 'npm', 'yarn'] as const

/** What the root's manifest names counts first, then the lockfile, then pnpm's own workspace file; npm where nothing says otherwise. */
export async function findManager({ files, workspace: { root }, text }: ReadRepository): Promise<FoundManager> {
  const { packageManager, devEngines } = root.manifest
  const named = [packageManager?.split('@')[0], devEngines?.packageManager?.name]
  const byManifest = names.find((name) => named.includes(name))
  const byLockfile = names.find((name) => lockfiles[name].some((file) => files.has(file)))
  const byWorkspace = files.has('pnpm-workspace.yaml') ? 'pnpm' : undefined
  const name = byManifest ?? byLockfile ?? byWorkspace ?? 'npm'
  const lockfile = lockfiles[name].find((file) => files.has(file))
  const isModernYarn = name === 'yarn' && (files.has('.yarnrc.yml') || /^yarn@[2-9]/.test(packageManager ?? ''))
  const from = byManifest !== undefined ? `package.json ${named[0] === byManifest ? 'packageManager' : 'devEngines.packageManager'}` : (lockfile ?? (byWorkspace === undefined ? 'nothing that names another' : 'pnpm-workspace.yaml'))
  const linker = /^nodeLinker:\s*["']?([\w-]+)/m.exec((await text('.yarnrc.yml')) ?? '')?.[1]
  return { name, isModernYarn, lockfile, hasNodeModules: !isModernYarn || linker === 'node-modules' || linker === 'pnpm', from }
}

/** How the script of a package is run from the root. */
export function scriptCall({ name }: Pick<FoundManager, 'name'>, target: WorkspacePackage, script: string): string {
  if (target.directory === '') return `${name} run ${script}`
  if (name === 'pnpm') return `pnpm --filter ${target.name} run ${script}`
  return name === 'npm' ? `npm run ${script} --workspace=${target.name}` : `yarn workspace ${target.name} run ${script}`
}

/** How a tool that a package depends on is run in that package's directory, from the root. */
export function toolCall({ name }: Pick<FoundManager, 'name'>, target: WorkspacePackage, command: string): string {
  if (target.directory === '') return name === 'npm' ? `npx ${command}` : `${name} exec ${command}`
  if (name === 'pnpm') return `pnpm --filter ${target.name} exec ${command}`
  return name === 'npm' ? `npm exec --workspace=${target.name} -- ${command}` : `yarn workspace ${target.name} exec ${command}`
}
