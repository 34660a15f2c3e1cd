import { basename } from 'node:path'
import { buildOrder } from './build-order.ts'
import { findManager } from './find-manager.ts'
import { findService } from './find-service.ts'
import { findSuites } from './find-suites.ts'
import type { Finding, FoundRepository, FoundService, Left } from './found.ts'
import { dependencyOf, inManifest } from './in-manifest.ts'
import type { ReadRepository } from './read-repository.ts'

const ofRoot = /^(?:package\.json|pnpm-lock\.yaml|package-lock\.json|yarn\.lock|pnpm-workspace\.yaml|turbo\.jsonc?|tsconfig[\w.-]*\.json|\.npmrc|\.pnpmfile\.c?js|\.yarnrc\.yml|\.nvmrc|\.node-version)$/

/**
 * Finds the Next.js and Fastify apps of a monorepo, and its workers: how they are built, started and asked after their health, which
 * variables, databases and other services they want. What is not certain is left out and named. The same repository gives the same.
 */
export async function findApps(repository: ReadRepository, signal: AbortSignal): Promise<FoundRepository> {
  const { root, files, workspace } = repository
  const manager = await findManager(repository)
  const services: FoundService[] = []
  const left: Left[] = []
  for (const target of workspace.packages.length === 0 ? [workspace.root] : workspace.packages) {
    signal.throwIfAborted()
    const found = await findService({ repository, manager, target, dependsOn: buildOrder(workspace, target) }, signal)
    if (found === undefined) continue
    if ('why' in found) left.push(found)
    else services.push(found)
  }
  return {
    name: workspace.root.manifest.name ?? basename(root),
    manager,
    turbo: turboIn(repository),
    node: await nodeIn(repository),
    rootFiles: workspace.packages.length === 0 ? [] : [...files].filter((file) => ofRoot.test(file)).toSorted(),
    ci: [...files].find((file) => /^\.github\/workflows\/[^/]+\.ya?ml$|^\.gitlab-ci\.yml$|^\.circleci\/config\.yml$/.test(file)),
    services: withNames(services),
    suites: findSuites(workspace, manager),
    left,
  }
}

function turboIn({ files, workspace: { root } }: ReadRepository): Finding<string> | undefined {
  const file = ['turbo.json', 'turbo.jsonc'].find((name) => files.has(name))
  return file === undefined || dependencyOf(root, ['turbo']) === undefined ? undefined : { value: 'turbo', from: file }
}

/** As Render looks for it, but for a variable. */
async function nodeIn({ files, workspace: { root }, text }: ReadRepository): Promise<Finding<string> | undefined> {
  for (const file of ['.node-version', '.nvmrc']) {
    if (files.has(file)) return { value: ((await text(file)) ?? '').trim(), from: file }
  }
  const { engines } = root.manifest
  return engines?.node === undefined ? undefined : { value: engines.node, from: inManifest(root, 'engines.node') }
}

/** Without the scope of the package, if no two are the same then. */
function withNames(services: readonly FoundService[]): FoundService[] {
  const short = services.map(({ package: { name } }) => slug(name.split('/').at(-1) ?? name))
  return services.map((service, index) => {
    const name = short[index] ?? service.name
    const isTaken = short.filter((each) => each === name).length > 1
    return { ...service, name: isTaken ? slug(service.package.directory) : name }
  })
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'app'
}

