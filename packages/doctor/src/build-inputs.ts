import { posix } from 'node:path'
import type { RepositoryFiles } from './repository-files.ts'
import type { Service } from './service.ts'

/** Files at the root that change what is built of any package. */
const rootFiles = /^(?:package\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|bun\.lockb?|turbo\.jsonc?|nx\.json|tsconfig[\w.-]*\.json|\.npmrc|\.yarnrc\.yml|\.node-version|\.nvmrc)$/
export const lockfiles: readonly string[] = ['pnpm-lock.yaml', 'yarn.lock', 'package-lock.json', 'npm-shrinkwrap.json', 'bun.lock', 'bun.lockb']

/** The `buildFilter.paths` that are right for a service: the packages that it is made of, and what holds for all of them. */
export function buildPaths({ closure }: Service, { files }: RepositoryFiles): string[] {
  return [...closure.map(({ directory }) => `${directory}/**`), ...[...files].filter((file) => rootFiles.test(file)).sort()]
}

/** Whether what installs its packages asks a registry, so that the lockfile decides what is built. */
export function installsOthers({ closure }: Service): boolean {
  return closure.some(({ manifest: { dependencies, devDependencies, optionalDependencies } }) =>
    Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies }).some((range) => !/^(?:workspace|link|file|portal):/.test(range)))
}

export function isMatched(file: string, globs: readonly string[]): boolean {
  return globs.some((glob) => posix.matchesGlob(file, glob.replace(/^\.?\//, '')))
}
