import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import { resourceLabels } from '../../container/place-labels.ts'
import type { ResourceName } from '../../docker/resources/resource-body.ts'
import { machineIn, onChosenMachine } from '../on-chosen-machine.ts'
import { clusterResourceName } from '../cluster-names.ts'
import { withClusterNetwork } from '../cluster-network.ts'
import { tasksOf, type Cluster, type Task } from '../cluster.ts'
import { settleContent } from '../content-secrets.ts'
import { readTaskLog } from '../task-log.ts'
import { whyNoTasks } from '../why-no-tasks.ts'
import type { ResourceSpecRequest } from './resource-spec.ts'

/** How long a server may take to be pulled, and to make or read back its data. */
const patienceMs = 300_000
const pollMs = 250
/** So often it may end by itself before that is told. */
const mostEnds = 3

export interface SettledService {
  readonly resource: ResourceName
  /** Of the machines that may keep its data; undefined where it keeps none, and may be anywhere. */
  readonly label: string | undefined
  readonly secret: { readonly name: string; readonly data: string }
  readonly pin: (signal: AbortSignal) => Promise<string>
  readonly login: (signal: AbortSignal) => Promise<Readonly<Record<string, string>>>
  readonly spec: (parts: Pick<ResourceSpecRequest, 'image' | 'machine' | 'secret'>) => Record<string, unknown>
}

const secretsSchema = z.array(z.looseObject({ SecretName: z.string() })).nullish()
const serviceSchema = z.object({
  ID: z.string(),
  Version: z.object({ Index: z.number() }),
  Spec: z.looseObject({ Mode: z.object({ Replicated: z.object({ Replicas: z.number() }) }), TaskTemplate: z.looseObject({ ContainerSpec: z.looseObject({ Secrets: secretsSchema }), Placement: z.looseObject({ Constraints: z.array(z.string()).nullish() }).nullish() }) }),
})
type Service = z.infer<typeof serviceSchema>

/**
 * Makes a server unless it is there, starts it unless it runs, and waits until it answers. What is there keeps its image, which reads its data, and its machine, where that is; other
 * settings than it was given start it anew. Throws `PLACE_CANNOT` where no machine may keep data, and `DATABASE_DOWN` with its last lines.
 */
export async function settleResourceService(cluster: Cluster, settled: SettledService, signal: AbortSignal): Promise<void> {
  const { resource, secret } = settled
  const found = await find(cluster, resource, signal)
  if (found === undefined) await make(cluster, settled, signal)
  else if (found.Spec.Mode.Replicated.Replicas === 0 || found.Spec.TaskTemplate.ContainerSpec.Secrets?.[0]?.SecretName !== secret.name) await change(cluster, { settled, found }, signal)
  await untilItAnswers(cluster, resource, signal)
}

async function find({ managers, place }: Cluster, resource: ResourceName, signal: AbortSignal): Promise<Service | undefined> {
  const { status, body } = await managers.call({ path: `/services/${clusterResourceName(place, resource)}`, to: `look at ${resource.name}`, also: [404] }, signal)
  return status === 404 ? undefined : serviceSchema.parse(JSON.parse(body))
}

async function make(cluster: Cluster, settled: SettledService, signal: AbortSignal): Promise<void> {
  const { resource, label } = settled
  const [image, headers] = [await settled.pin(signal), await settled.login(signal)]
  const work = (machine: string | undefined): Promise<void> => withClusterNetwork(cluster, resource.app, { signal, async work() {
    const body = settled.spec({ image, machine, secret: await secretOf(cluster, settled, signal) })
    await cluster.managers.call({ method: 'POST', path: '/services/create', body, headers, to: `start ${resource.name} of ${resource.app}`, also: [409] }, signal)
  } })
  if (label === undefined) await work(undefined)
  else await onChosenMachine(cluster, { label, instead: 'Or use a database elsewhere, by a variable of its own.', work }, signal)
}

/** Its number and its secret alone. */
async function change(cluster: Cluster, { settled, found: { ID, Version, Spec } }: { readonly settled: SettledService; readonly found: Service }, signal: AbortSignal): Promise<void> {
  const { name, id } = await secretOf(cluster, settled, signal)
  const { ContainerSpec, ...template } = Spec.TaskTemplate
  const Secrets = ContainerSpec.Secrets?.map((each) => ({ ...each, SecretName: name, SecretID: id }))
  const body = { ...Spec, Mode: { Replicated: { Replicas: 1 } }, TaskTemplate: { ...template, ContainerSpec: { ...ContainerSpec, Secrets } } }
  await cluster.managers.call({ method: 'POST', path: `/services/${ID}/update`, query: { version: Version.Index }, body, to: `start ${settled.resource.name} of ${settled.resource.app}` }, signal)
}

async function secretOf({ managers, place }: Cluster, { resource, secret }: SettledService, signal: AbortSignal): Promise<{ readonly id: string; readonly name: string }> {
  return { name: secret.name, id: await settleContent(managers, { ...secret, labels: resourceLabels(place, resource), to: `give the cluster what ${resource.name} is told` }, signal) }
}

/** A task counts as running when the check of its health was well. */
async function untilItAnswers(cluster: Cluster, resource: ResourceName, signal: AbortSignal): Promise<void> {
  const { clock } = cluster
  for (const until = clock.now() + patienceMs; ; await clock.sleep(pollMs, signal)) {
    const service = await find(cluster, resource, signal)
    const tasks = service === undefined ? [] : await tasksOf(cluster, [service.ID], signal)
    const now = tasks.at(-1)
    if (now?.state === 'running' && now.wanted === 'running') return
    const ends = tasks.filter(({ state }) => state === 'failed' || state === 'complete' || state === 'rejected')
    if (ends.length < mostEnds && clock.now() < until) continue
    throw await silence(cluster, { resource, service, last: ends.at(-1) ?? now }, signal)
  }
}

/** With the name of its machine, where that is what it waits for; else with what it printed last. */
async function silence(cluster: Cluster, { resource, service, last }: { readonly resource: ResourceName; readonly service: Service | undefined; readonly last: Task | undefined }, signal: AbortSignal): Promise<PlimsollError> {
  const { managers, place } = cluster
  const what = `The ${resource.kind === 'database' ? 'database' : 'key-value service'} ${resource.name} of ${resource.app} does not answer in the cluster`
  const machine = service?.Spec.TaskTemplate.Placement?.Constraints?.map(machineIn).find((each) => each !== undefined)
  const why = machine === undefined ? undefined : await whyNoTasks(managers, { machine, service: clusterResourceName(place, resource) }, signal)
  if (why !== undefined) return new PlimsollError('DATABASE_DOWN', `${what}: it is on ${why.is}, and nothing else has its data`, { hint: why.hint })
  const log: string[] = []
  if (last?.hasContainer === true) for await (const { text } of readTaskLog(managers, { id: last.id, tail: 50, follow: false }, signal)) log.push(text)
  return new PlimsollError('DATABASE_DOWN', `${what}${last?.says ? `: ${last.says}` : ''}`, { hint: `Read what it printed: docker service logs ${clusterResourceName(place, resource)}`, details: { log } })
}
