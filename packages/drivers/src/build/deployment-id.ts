import type { Workspace } from '@plimsoll/repository'
import type { BuildInputs } from './build-inputs.ts'

export interface DeploymentQuestion {
  readonly workspace: Workspace
  readonly inputs: BuildInputs
  readonly environment: Readonly<Record<string, string>>
}

/**
 * The id that the pages of one build carry; undefined where Next.js has no part in it. Named by the inputs and not by the
 * release: equal inputs keep their id, and Turborepo's cache its use.
 */
export function deploymentIdOf({ workspace, inputs, environment }: DeploymentQuestion): string | undefined {
  const own = usesNext(workspace, inputs) ? inputs.digest.replace('sha256:', '').slice(0, 16) : undefined
  return environment['NEXT_DEPLOYMENT_ID'] ?? own
}

/** The values that are built into pages. */
export function publicValuesOf(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('NEXT_PUBLIC_')))
}

function usesNext(workspace: Workspace, { packages }: BuildInputs): boolean {
  const asked = packages === 'all' ? [workspace.root, ...workspace.packages] : packages
  return asked.some(({ manifest }) => 'next' in manifest.dependencies || 'next' in manifest.devDependencies)
}
