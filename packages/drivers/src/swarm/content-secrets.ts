import type { AppName } from '@plimsoll/model'
import { z } from 'zod'
import { appLabels, labelFilter } from '../docker/place-labels.ts'
import type { Cluster } from './cluster.ts'
import type { ContentSecret } from './service-spec.ts'

const secretSchema = z.object({ ID: z.string(), Spec: z.object({ Name: z.string() }) })

/** Makes a secret unless the cluster has it, and gives its id: its name is what it holds, so that it never changes. */
export async function settleSecret({ managers, place }: Cluster, { app, secret }: { readonly app: AppName; readonly secret: ContentSecret }, signal: AbortSignal): Promise<string> {
  const to = `give the cluster the environment of ${app}`
  const find = async (): Promise<string | undefined> => {
    const found = await managers.read(z.array(secretSchema), { path: '/secrets', query: { filters: { name: [secret.name] } }, to }, signal)
    return found.find(({ Spec }) => Spec.Name === secret.name)?.ID
  }
  const known = await find()
  if (known !== undefined) return known
  const body = { Name: secret.name, Labels: appLabels(place, app), Data: Buffer.from(secret.data).toString('base64') }
  // 409: somebody else was faster, or an answer was lost.
  await managers.call({ method: 'POST', path: '/secrets/create', body, to, also: [409] }, signal)
  const made = await find()
  if (made === undefined) throw new Error(`the cluster took the secret ${secret.name} and does not have it`)
  return made
}

/** Removes the secrets of an app that no service uses. */
export async function dropSecrets({ managers, place }: Cluster, app: AppName, signal: AbortSignal): Promise<void> {
  const to = `remove what the cluster was given for ${app}`
  const all = await managers.read(z.array(secretSchema), { path: '/secrets', query: { filters: labelFilter(place, { app }) }, to }, signal)
  // 400: it is in use.
  for (const { ID } of all) await managers.call({ method: 'DELETE', path: `/secrets/${ID}`, to, also: [400, 404] }, signal)
}
