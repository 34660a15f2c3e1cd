import { createHash } from 'node:crypto'
import { isPublic, listens, serviceKinds, slugOf, type BlueprintKind, type BlueprintService, type ServiceKind, type Surroundings } from '@plimsoll/model'
import { cpusOf } from './plans.ts'

/** Environments differ between building and running: some variables exist only when running. */
export type Phase = 'build' | 'run'

interface Injected {
  readonly key: string
  readonly kinds?: (kind: BlueprintKind) => boolean
  readonly runtime?: string
  readonly phase?: Phase
  /** Undefined where the place does not know. */
  readonly value: (service: BlueprintService, surroundings: Surroundings) => string | undefined
}

const runs = (kind: BlueprintKind) => kind !== 'static'
const isServer = (kind: BlueprintKind) => isServiceKind(kind) && listens(kind)
const hasPublicUrl = (kind: BlueprintKind) => isServiceKind(kind) && isPublic(kind)

/** What Render gives every service without being asked, but `PORT` and `RENDER_INSTANCE_ID`, which differ between instances. */
const injected: readonly Injected[] = [
  { key: 'RENDER', value: () => 'true' },
  { key: 'IS_PULL_REQUEST', value: () => 'false' },
  { key: 'RENDER_SERVICE_ID', value: serviceId },
  { key: 'RENDER_SERVICE_NAME', value: ({ name }) => name },
  { key: 'RENDER_SERVICE_TYPE', value: ({ kind }) => kind },
  { key: 'RENDER_EXTERNAL_URL', kinds: hasPublicUrl, value: publicUrl },
  { key: 'RENDER_EXTERNAL_HOSTNAME', kinds: hasPublicUrl, value: publicHostname },
  { key: 'RENDER_DISCOVERY_SERVICE', kinds: isServer, value: ({ name }) => `${slugOf(name)}-discovery` },
  { key: 'RENDER_GIT_BRANCH', value: (_, { git }) => git.branch },
  { key: 'RENDER_GIT_COMMIT', value: (_, { git }) => git.commit },
  { key: 'RENDER_GIT_REPO_SLUG', value: (_, { git }) => git.slug },
  { key: 'RENDER_CPU_COUNT', kinds: runs, value: ({ plan }) => String(cpusOf(plan)) },
  { key: 'RENDER_WEB_CONCURRENCY', kinds: isServer, phase: 'run', value: concurrency },
  { key: 'WEB_CONCURRENCY', kinds: isServer, phase: 'run', value: concurrency },
  { key: 'NODE_ENV', kinds: runs, runtime: 'node', phase: 'run', value: () => 'production' },
  { key: 'NODE_MODULES_CACHE', runtime: 'node', value: () => 'true' },
]

/** KEY → value of what the place adds to a service's own variables. Never `PORT`: the driver settles that. */
export function injectedVariables(service: BlueprintService, surroundings: Surroundings, phase: Phase): Map<string, string> {
  const found = new Map<string, string>()
  for (const one of injected) {
    if (!isGiven(one, service) || (one.phase !== undefined && one.phase !== phase)) continue
    const value = one.value(service, surroundings)
    if (value !== undefined) found.set(one.key, value)
  }
  return found
}

/** The injected variables that `fromService … envVarKey` can ask a service of this kind for. */
export function injectedKeys(service: { readonly kind: BlueprintKind; readonly runtime: string }): string[] {
  const keys = injected.filter((one) => isGiven(one, service)).map(({ key }) => key)
  return isServer(service.kind) ? [...keys, 'PORT'] : keys
}

function isGiven({ kinds, runtime }: Injected, service: { readonly kind: BlueprintKind; readonly runtime: string }): boolean {
  return (kinds === undefined || kinds(service.kind)) && (runtime === undefined || runtime === service.runtime)
}

function isServiceKind(kind: BlueprintKind): kind is ServiceKind {
  return (serviceKinds as readonly string[]).includes(kind)
}

/** As Render's ids look, and the same for the same name. */
function serviceId({ name, kind }: BlueprintService): string {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 20)
  return `${kind === 'cron' ? 'crn' : 'srv'}-${digest}`
}

function publicUrl({ name }: BlueprintService, { publicUrls }: Surroundings): string | undefined {
  return Object.hasOwn(publicUrls, name) ? publicUrls[name] : undefined
}

function publicHostname(service: BlueprintService, surroundings: Surroundings): string | undefined {
  const url = publicUrl(service, surroundings)
  return url === undefined ? undefined : new URL(url).hostname
}

function concurrency({ plan }: BlueprintService): string {
  return String(Math.max(1, Math.floor(cpusOf(plan))))
}
