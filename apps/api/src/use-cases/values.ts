import { PlimsollError, type AppName, type KeptValue } from '@plimsoll/model'
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

/** Keeps values under `<service>/<KEY>` or `group:<group>/<KEY>`. Throws `USAGE` for a key that names neither. */
export async function setValues(services: Services, app: AppName, values: Readonly<Record<string, string>>): Promise<KeptValue[]> {
  const wrong = Object.keys(values).filter((key) => !/^[^/]+\/[A-Za-z_][A-Za-z0-9_]*$/.test(key))
  if (wrong.length > 0) {
    throw new PlimsollError('USAGE', `Not the name of a value: ${wrong.join(', ')}`, { hint: 'Write SERVICE/KEY=value, as in: plimsoll env set api/STRIPE_KEY=sk_123' })
  }
  for (const [key, value] of Object.entries(values)) await services.store.keptValues.set(app, key, value)
  services.secrets.learn(Object.values(values))
  return listValues(services, app)
}

/** Forgets one value. Throws `NOT_FOUND` when there is none. */
export async function unsetValue(services: Services, app: AppName, key: string): Promise<KeptValue[]> {
  if (!(await services.store.keptValues.unset(app, key))) {
    throw new PlimsollError('NOT_FOUND', `No value is kept under ${key}`, { hint: `See what is kept: plimsoll env list --app ${app}` })
  }
  return listValues(services, app)
}
