import { scriptCall, toolCall, type FoundRepository, type FoundService } from '@plimsoll/repository/apps'

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
function prismaClient({ manager }: FoundRepository, { package: target, dependsOn }: FoundService): string[] {
  const holder = [target, ...dependsOn].find(({ manifest }) => 'prisma' in manifest.devDependencies || 'prisma' in manifest.dependencies)
  if (holder === undefined) return []
  const { scripts } = holder.manifest
  const isDone = [scripts['build'], scripts['prebuild'], scripts['postinstall'], scripts['prepare']].some((script) => script?.includes('prisma generate') === true)
  return isDone ? [] : [toolCall(manager, holder, 'prisma generate')]
}

function builds({ manager, turbo }: FoundRepository, { package: target, dependsOn }: FoundService): string[] {
  const built = [...dependsOn, target].filter(({ manifest }) => manifest.scripts['build'] !== undefined)
  if (built.length === 0) return []
  if (target.directory === '') return [scriptCall(manager, target, 'build')]
  if (turbo !== undefined) return [`${manager.name === 'npm' ? 'npx' : manager.name} turbo run build --filter=${target.name}...`]
  if (manager.name === 'pnpm') return [`pnpm --filter ${target.name}... run build`]
  return built.map((one) => scriptCall(manager, one, 'build'))
}
