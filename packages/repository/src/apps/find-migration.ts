import type { WorkspacePackage } from '../workspace.ts'
import { scriptCall, toolCall, type FoundManager } from './find-manager.ts'
import type { PrismaSchema } from './find-stores.ts'
import type { Finding } from './found.ts'
import { inManifest } from './in-manifest.ts'
import { nodeCallFromRoot } from './root-call.ts'

/** Names by which scripts bring a schema up to date, those that are for production first. */
const names = ['migrate:deploy', 'db:migrate:deploy', 'db:deploy', 'migrate:prod', 'db:migrate:prod', 'db:migrate', 'migrate', 'migrate:up', 'db:migrate:up', 'migrate:latest', 'db:migrate:latest', 'migration:run', 'migrations:run', 'prisma:deploy', 'prisma:migrate:deploy', 'drizzle:migrate']
/** What makes migrations, or changes a schema without one, is for a developer's own database. */
const development = /\bmigrate\s+(?:dev|reset|diff)\b|\bdb\s+push\b|\bpush\b|\bgenerate\b|migrate:make|\bcreate\b|\bseed\b/
/** These only hand the question on to other packages. */
const handsOn = /^(?:(?:pnpm|npm|yarn)\s.*)?\b(?:turbo|nx)\b|^(?:pnpm|npm|yarn)\s+(?:-\w|--\w|run\b|workspace)/

interface Scene {
  readonly manager: FoundManager
  readonly packages: readonly WorkspacePackage[]
  readonly prisma: PrismaSchema | undefined
}

/** The command that brings the schema up to date, from the root: a script of one of `packages`, else what Prisma's migrations ask for. */
export function migrationIn({ manager, packages, prisma }: Scene): Finding<string> | undefined {
  for (const name of names) {
    for (const one of packages) {
      const script = one.manifest.scripts[name]
      if (script === undefined || development.test(script) || handsOn.test(script)) continue
      return { value: nodeCallFromRoot(script, one.directory)?.command ?? scriptCall(manager, one, name), from: inManifest(one, `scripts.${name}`) }
    }
  }
  return prisma?.hasMigrations === true ? { value: toolCall(manager, prisma.package, 'prisma migrate deploy'), from: prisma.file } : undefined
}
