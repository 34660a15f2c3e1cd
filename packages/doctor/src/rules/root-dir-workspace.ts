import { valueOf } from '@plimsoll/blueprint/inspect'
import type { WorkspacePackage } from '@plimsoll/repository'
import type { RepositoryFiles } from '../repository-files.ts'
import type { Rule } from '../rule.ts'
import { isNative, servicesHere } from '../service.ts'

export const rootDirWorkspace: Rule = {
  id: 'root-dir-workspace',
  severity: 'warning',
  holds: 'An app that needs the rest of its workspace is built from the root.',
  why: 'It is cut off from the lockfile and from the packages that it shares, in the build or at least in what makes it deploy.',
  *find(subject) {
    for (const { service, repository } of servicesHere(subject)) {
      const place = valueOf(service.node, 'rootDir')
      const { root } = service
      const one = repository.workspace.packages.find(({ directory }) => directory === root)
      if (place === undefined || one === undefined || !(isNative(service) || service.kind === 'static')) continue
      const needed = needs(one, root, repository)
      if (needed !== undefined) yield { place, message: `${one.name} needs ${needed}, outside of rootDir`, fix: `remove rootDir, name the package in the commands (pnpm --filter ${one.name}... build), and say in buildFilter what it is made of` }
    }
  },
}

function needs(one: WorkspacePackage, root: string, { closureOf, files }: RepositoryFiles): string | undefined {
  const others = closureOf([one]).filter((other) => other !== one).map(({ directory }) => directory)
  if (others.length > 0) return others.join(', ')
  const lockfile = ['pnpm-lock.yaml', 'yarn.lock', 'package-lock.json', 'bun.lock'].find((file) => files.has(file) && !files.has(`${root}/${file}`))
  return lockfile
}
