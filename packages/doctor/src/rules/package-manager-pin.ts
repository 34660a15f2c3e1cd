import type { Rule } from '../rule.ts'
import { servicesHere } from '../service.ts'

export const packageManagerPin: Rule = {
  id: 'package-manager-pin',
  severity: 'warning',
  holds: 'package.json says which version of pnpm or Yarn the repository is for.',
  why: 'Another major version than the one that wrote the lockfile refuses it, on the day when the image brings one.',
  *find(subject) {
    const [first] = servicesHere(subject).filter(({ service }) => service.runtime === 'node' && service.commands.some(({ key, text }) => key === 'buildCommand' && /(?:^|[\s;&])(?:pnpm|yarn)\s/.test(text)))
    if (first === undefined) return
    const { service, repository } = first
    const here = repository.workspace.packages.find(({ directory }) => directory === service.root)
    const pinned = [repository.workspace.root, ...(here === undefined ? [] : [here])].some(({ manifest }) => manifest.packageManager !== undefined || manifest.devEngines?.packageManager?.version !== undefined)
    const build = service.commands.find(({ key }) => key === 'buildCommand')
    if (pinned || build === undefined || /\bnpx (?:-y |--yes )?(?:pnpm|yarn)@/.test(build.text)) return
    yield { place: build.node, message: 'package.json does not say which version of its package manager it is for', fix: 'add "packageManager": "pnpm@<the exact version you use>" to package.json' }
  },
}
