import { fieldsOf, optionalText, Refusal, textIn } from './exchange.ts'
import { iso, type FakeDomain, type FakeService, type World } from './world.ts'

const types = ['static_site', 'web_service', 'private_service', 'background_worker', 'cron_job']

/** A service as POST /services makes it. Like Render it takes a name that is taken already. */
export function newService(world: World, body: unknown): FakeService {
  const { serviceDetails = {}, image, envVars = [], autoDeploy = 'yes', branch = 'main', rootDir = '', buildFilter, environmentId } = fieldsOf(body)
  const type = textIn(body, 'type')
  const name = textIn(body, 'name')
  const ownerId = textIn(body, 'ownerId')
  const repo = optionalText(body, 'repo')
  if (!types.includes(type)) throw new Refusal(400, `invalid type: ${type}`)
  if (!world.owners.some(({ id }) => id === ownerId)) throw new Refusal(400, `invalid ownerId: ${ownerId}`)
  if (repo === undefined && image === undefined) throw new Refusal(400, 'repo or image is required')
  const id = world.newId(type === 'cron_job' ? 'crn' : 'srv')
  const now = world.clock.now()
  return {
    id, name, ownerId, type, suspended: false, createdAt: now, updatedAt: now,
    record: {
      autoDeploy, branch, rootDir, ...(repo !== undefined && { repo }), ...imageIn(image),
      ...(buildFilter !== undefined && { buildFilter }), ...(environmentId !== undefined && { environmentId }),
    },
    details: detailsOf({ type, name, url: world.publicUrl(slugOf(name)) }, serviceDetails),
    variables: new Map(variablesIn(envVars)), deploys: [], jobs: [], runs: [], routes: [], headers: [], domains: [], fates: [], newestCommit: 'c0ffee',
  }
}

/** As Render answers it. */
export function domainBody({ id, createdAt, domains }: FakeService, { name, isVerified }: FakeDomain): object {
  const isApex = name.split('.').length === 2
  const bare = name.replace(/^www\./, '')
  const redirectForName = bare !== name && domains.some((domain) => domain.name === bare) ? bare : ''
  return { id: `cdm-${id}-${name}`, name, domainType: isApex ? 'apex' : 'subdomain', publicSuffix: name.split('.').at(-1), redirectForName, verificationStatus: isVerified ? 'verified' : 'unverified', createdAt: iso(createdAt) }
}

/** As Render answers it. */
export function serviceBody({ id, name, ownerId, type, record, details, suspended, createdAt, updatedAt }: FakeService): object {
  return {
    id, name, ownerId, type, slug: slugOf(name), ...record, serviceDetails: details, notifyOnFail: 'default', dashboardUrl: `https://dashboard.render.com/web/${id}`,
    suspended: suspended ? 'suspended' : 'not_suspended', suspenders: suspended ? ['user'] : [], createdAt: iso(createdAt), updatedAt: iso(updatedAt),
  }
}

/** What PATCH /services changes; what it does not name stays. */
export function changeService(service: FakeService, body: unknown): void {
  const { name, serviceDetails, image, ...rest } = fieldsOf(body)
  if (name !== undefined) service.name = textIn(body, 'name')
  service.record = { ...service.record, ...rest, ...imageIn(image) }
  if (serviceDetails === undefined) return
  const { preDeployCommand, envSpecificDetails = {}, ...details } = fieldsOf(serviceDetails)
  const commands = { ...fieldsOf(service.details['envSpecificDetails'] ?? {}), ...commandsIn(envSpecificDetails), ...(preDeployCommand !== undefined && { preDeployCommand }) }
  service.details = { ...service.details, ...details, ...(service.type !== 'static_site' && { envSpecificDetails: commands }) }
}

export function variablesIn(list: unknown): readonly (readonly [string, string])[] {
  if (!Array.isArray(list)) throw new Refusal(400, 'envVars must be a list')
  return list.map((entry: unknown) => [textIn(entry, 'key'), valueIn(entry)] as const)
}

/** A value that is given, or one that is made up. */
export function valueIn(body: unknown): string {
  const { value, generateValue } = fieldsOf(body)
  if (generateValue === true) return 'generated-by-render'
  if (typeof value !== 'string') throw new Refusal(400, 'value must be a string')
  return value
}

function detailsOf({ type, name, url }: { readonly type: string; readonly name: string; readonly url: string }, wanted: unknown): Readonly<Record<string, unknown>> {
  const { preDeployCommand, envSpecificDetails = {}, disk, headers: _, routes: __, ...details } = fieldsOf(wanted)
  if (type === 'static_site') return { buildCommand: '', publishPath: 'public', buildPlan: 'starter', url, ...details }
  const runtime = textIn(wanted, 'runtime')
  const commands = runtime === 'docker' || runtime === 'image' ? { dockerCommand: '', dockerContext: '.', dockerfilePath: './Dockerfile' } : { buildCommand: '', startCommand: '' }
  const always = {
    runtime, env: runtime, plan: 'starter', region: 'oregon', buildPlan: 'starter',
    envSpecificDetails: { ...commands, ...commandsIn(envSpecificDetails), ...(preDeployCommand !== undefined && { preDeployCommand }) },
  }
  if (type === 'cron_job') return { ...always, schedule: textIn(wanted, 'schedule'), ...details, envSpecificDetails: always.envSpecificDetails }
  if (details['plan'] === 'free' && preDeployCommand !== undefined) throw new Refusal(400, 'pre-deploy command is not supported for free tier services')
  const reached = type === 'web_service' ? { url, healthCheckPath: '', openPorts: [{ port: 10_000, protocol: 'TCP' }] } : type === 'private_service' ? { url: `${slugOf(name)}:10000`, openPorts: [{ port: 10_000, protocol: 'TCP' }] } : {}
  return { ...always, numInstances: 1, ...reached, ...(disk !== undefined && { disk: { id: 'dsk-00000000000000000000', sizeGB: 1, ...fieldsOf(disk) } }), ...details, envSpecificDetails: always.envSpecificDetails }
}

/** An image, and what opens its registry, which is shown beside it. */
function imageIn(image: unknown): object {
  if (image === undefined) return {}
  const credential = optionalText(image, 'registryCredentialId')
  return { imagePath: textIn(image, 'imagePath'), ...(credential !== undefined && { registryCredential: { id: credential, name: credential } }) }
}

/** A credential is set by its id and shown as a whole. */
function commandsIn(sent: unknown): object {
  const { registryCredentialId: id, ...commands } = fieldsOf(sent)
  return { ...commands, ...(id !== undefined && { registryCredential: { id, name: id, registry: 'GITHUB', username: 'ada', updatedAt: iso(0) } }) }
}

function slugOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
}
