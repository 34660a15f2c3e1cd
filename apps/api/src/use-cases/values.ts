import { PlimsollError, type AppName, type KeptValue } from '@plimsoll/model'
import type { Expected } from '@plimsoll/store'
import type { Services } from '../services.ts'
import { serverActionsKey } from '../wiring.ts'

/** The names of what is kept for an app; never the values. An app need not exist yet: values can be set before its first release. */
export async function listValues({ store }: Services, app: AppName): Promise<KeptValue[]> {
  const kept = await store.keptValues.list(app)
  return kept.filter(({ key }) => key !== serverActionsKey).map(({ key, generated }) => {
    const slash = key.lastIndexOf('/')
    return { key: key.slice(slash + 1), service: key.slice(0, slash), origin: generated ? 'generated' as const : 'set' as const }
  })
}

/** Keeps values under `<service>/<KEY>` or `group:<group>/<KEY>`. All of them or none. Throws `USAGE` for a key that names neither, `CHANGED_MEANWHILE`. */
export async function setValues(services: Services, { app, values, onlyIf }: { readonly app: AppName; readonly values: Readonly<Record<string, string>>; readonly onlyIf?: Expected | undefined }): Promise<KeptValue[]> {
  const wrong = Object.keys(values).filter((key) => !/^[^/]+\/[A-Za-z_][A-Za-z0-9_]*$/.test(key))
  if (wrong.length > 0) {
    throw new PlimsollError('USAGE', `Not the name of a value: ${wrong.join(', ')}`, { hint: 'Write SERVICE/KEY=value, as in: plimsoll env set api/STRIPE_KEY=sk_123' })
  }
  services.secrets.learn(Object.values(values))
  await services.store.keptValues.setAll(app, values, onlyIf)
  return listValues(services, app)
}

/** Forgets one value. Throws `NOT_FOUND` when there is none, `CHANGED_MEANWHILE`. */
export async function unsetValue(services: Services, { app, key, onlyIf }: { readonly app: AppName; readonly key: string; readonly onlyIf?: Expected | undefined }): Promise<KeptValue[]> {
  if (!(await services.store.keptValues.unset(app, key, onlyIf))) {
    throw new PlimsollError('NOT_FOUND', `No value is kept under ${key}`, { hint: `See what is kept: plimsoll env list --app ${app}` })
  }
  return listValues(services, app)
}
