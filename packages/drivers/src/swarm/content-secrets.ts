import type { AppName } from '@plimsoll/model'
import { z } from 'zod'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { appLabels, labelFilter } from '../container/place-labels.ts'
import type { Cluster } from './cluster.ts'
import type { ContentSecret } from './service-spec.ts'

const secretSchema = z.object({ ID: z.string(), Spec: z.object({ Name: z.string() }) })

/** Makes the secret of an environment unless the cluster has it, and gives its id. */
export function settleSecret({ managers, place }: Cluster, { app, secret }: { readonly app: AppName; readonly secret: ContentSecret }, signal: AbortSignal): Promise<string> {
  return settleContent(managers, { name: secret.name, data: secret.data, labels: appLabels(place, app), to: `give the cluster the environment of ${app}` }, signal)
}

/** Makes a secret unless the cluster has it, and gives its id: its name is what it holds, so that it never changes. */
export async function settleContent(managers: DockerEngine, { name, data, labels, to }: { readonly name: string; readonly data: string; readonly labels: Readonly<Record<string, string>>; readonly to: string }, signal: AbortSignal): Promise<string> {
  const find = async (): Promise<string | undefined> => {
    const found = await managers.read(z.array(secretSchema), { path: '/secrets', query: { filters: { name: [name] } }, to }, signal)
    return found.find(({ Spec }) => Spec.Name === name)?.ID
  }
  const known = await find()
  if (known !== undefined) return known
  // 409: somebody else was faster, or an answer was lost.
  await managers.call({ method: 'POST', path: '/secrets/create', body: { Name: name, Labels: labels, Data: Buffer.from(data).toString('base64') }, to, also: [409] }, signal)
  const made = await find()
  if (made === undefined) throw new Error(`the cluster took the secret ${name} and does not have it`)
  return made
}

/** Removes the secrets of an app that no service uses. */
export async function dropSecrets({ managers, place }: Cluster, app: AppName, signal: AbortSignal): Promise<void> {
  const to = `remove what the cluster was given for ${app}`
  const all = await managers.read(z.array(secretSchema), { path: '/secrets', query: { filters: labelFilter(place, { app }) }, to }, signal)
  // 400: it is in use.
  for (const { ID } of all) await managers.call({ method: 'DELETE', path: `/secrets/${ID}`, to, also: [400, 404] }, signal)
}
