import type { FoundRepository, FoundService } from '@plimsoll/repository/apps'

/** What installs and builds a service from the repository's root, with everything of the workspace that it depends on. */
export function buildCommand(found: FoundRepository, service: FoundService): string {
  return [installCommand(found), ...prismaClient(found, service), ...builds(found, service), ...(service.afterBuild === undefined ? [] : [service.afterBuild.value])].join(' && ')
}

/** With devDependencies, whatever `NODE_ENV` says: compilers are among them. */
function installCommand({ manager: { name, lockfile, isModernYarn } }: FoundRepository): string {
  if (name === 'pnpm') return `pnpm install${lockfile === undefined ? '' : ' --frozen-lockfile'} --prod=false`
  if (name === 'npm') return `npm ${lockfile === undefined ? 'install' : 'ci'} --include=dev`
  if (isModernYarn) return `yarn install${lockfile === undefined ? '' : ' --immutable'}`
  return `yarn install${lockfile === undefined ? '' : ' --frozen-lockfile'} --production=false`
}

/** Prisma's client is made from its schema, and pnpm runs no install scripts that would do it. */
function prismaClient({ manager: { name } }: FoundRepository, { package: target, dependsOn }: FoundService): string[] {
  const holder = [target, ...dependsOn].find(({ manifest }) => 'prisma' in manifest.devDependencies || 'prisma' in manifest.dependencies)
  if (holder === undefined) return []
  const { scripts } = holder.manifest
  if ([scripts['build'], scripts['prebuild'], scripts['postinstall'], scripts['prepare']].some((script) => script?.includes('prisma generate') === true)) return []
  if (holder.directory === '') return [name === 'npm' ? 'npx prisma generate' : `${name} exec prisma generate`]
  if (name === 'pnpm') return [`pnpm --filter ${holder.name} exec prisma generate`]
  return [name === 'npm' ? `npm exec --workspace=${holder.name} -- prisma generate` : `yarn workspace ${holder.name} exec prisma generate`]
}

function builds({ manager: { name }, turbo }: FoundRepository, { package: target, dependsOn }: FoundService): string[] {
  const built = [...dependsOn, target].filter(({ manifest }) => manifest.scripts['build'] !== undefined)
  if (built.length === 0) return []
  if (target.directory === '') return [`${name} run build`]
  if (turbo !== undefined) return [`${name === 'npm' ? 'npx' : name} turbo run build --filter=${target.name}...`]
  if (name === 'pnpm') return [`pnpm --filter ${target.name}... run build`]
  return built.map((one) => (name === 'npm' ? `npm run build --workspace=${one.name}` : `yarn workspace ${one.name} run build`))
}
