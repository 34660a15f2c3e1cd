import { z } from 'zod'
import { readJson } from '../read-json.ts'
import type { RepositoryFiles } from '../repository-files.ts'
import type { Rule } from '../rule.ts'
import { servicesHere, type Service } from '../service.ts'

const manifestSchema = z.object({ engines: z.object({ node: z.string() }) })

export const nodePin: Rule = {
  id: 'node-pin',
  severity: 'warning',
  holds: 'The repository says which Node it is for.',
  why: 'Render’s default moves to another major version, and the next build is made with it.',
  *find(subject) {
    for (const { service, repository } of servicesHere(subject)) {
      if (service.runtime !== 'node' || service.env.has('NODE_VERSION') || isPinned(service, repository)) continue
      yield { place: service.node, message: `nothing says which Node "${service.name}" runs on`, fix: 'add a file .node-version, or engines.node in package.json' }
    }
  },
}

/** In the order in which Render looks; one at the root holds for all. */
function isPinned({ root }: Service, { files, text }: RepositoryFiles): boolean {
  return [...new Set(['', root])].some((directory) => {
    const at = directory === '' ? '' : `${directory}/`
    return files.has(`${at}.node-version`) || files.has(`${at}.nvmrc`) || manifestSchema.safeParse(readJson(text(`${at}package.json`))).success
  })
}
