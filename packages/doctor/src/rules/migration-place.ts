import type { Rule } from '../rule.ts'
import type { ServiceCommand } from '../service.ts'

/** Calls of the usual migrators, and names that scripts have which call them. */
const migrates = /\bprisma(?:@\S+)? (?:migrate (?:deploy|dev|reset)|db push)\b|\bdrizzle-kit (?:migrate|push)\b|\bknex migrate:(?:latest|up)\b|\bsequelize(?:-cli)? db:migrate\b|\btypeorm\S* migration:run\b|\b(?:node-pg-migrate|db-migrate|dbmate) up\b|\bmikro-orm migration:up\b|\balembic upgrade\b|\bmanage\.py migrate\b|\brails db:migrate\b|\b(?:run |pnpm |yarn )(?:db:migrate(?::\w+)?|migrate(?::(?:deploy|up|latest|prod))?)(?=$|[\s&;|])/

export const migrationPlace: Rule = {
  id: 'migration-place',
  severity: 'warning',
  holds: 'Migrations run in preDeployCommand.',
  why: 'In a build they change the database of a release that may never go live; at the start every instance runs them at once.',
  *find({ services }) {
    for (const { kind, plan, commands } of services) {
      // The free plan has no pre-deploy command.
      if (!['web', 'pserv', 'worker'].includes(kind) || plan === 'free') continue
      for (const command of commands) {
        if (command.key === 'preDeployCommand' || !runsMigrations(command)) continue
        yield { place: command.node, message: `${command.key} migrates the database`, fix: 'move the migration to preDeployCommand, which runs once and before the switch' }
      }
    }
  },
}

function runsMigrations({ text, analysis }: ServiceCommand): boolean {
  return migrates.test(text) || analysis.invocations.some(({ program, args }) => migrates.test([program, ...args].join(' ')))
}
