import type { WorkspacePackage } from '../workspace.ts'

/** Where a manifest says something: `apps/api/package.json scripts.start`. */
export function inManifest({ directory }: WorkspacePackage, place: string): string {
  return `${directory === '' ? '' : `${directory}/`}package.json ${place}`
}

/** The first of `packages` in the package's own dependencies, whatever their kind but that of peers. */
export function dependencyOf({ manifest }: WorkspacePackage, packages: readonly string[]): string | undefined {
  const all = { ...manifest.devDependencies, ...manifest.optionalDependencies, ...manifest.dependencies }
  return packages.find((name) => name in all)
}
