import { randomBytes } from 'node:crypto'
import { PlimsollError, type AppName, type HookWish, type MadeHook } from '@plimsoll/model'
import type { Services } from '../services.ts'

type Parts = Pick<Services, 'store' | 'clock'>

/** Settles what is done. The secret is made unless there is one, and told this once; secret and token stay as long as they are for the same repository. */
export async function setHook({ store, clock }: Parts, app: AppName, { secret, token, ...settings }: HookWish): Promise<MadeHook> {
  const known = await store.hooks.find(app)
  const kept = known?.hook.repository === settings.repository && known.hook.server === settings.server ? known : undefined
  const made = secret === undefined && kept === undefined ? randomBytes(32).toString('hex') : undefined
  const hook = await store.hooks.put(app, { settings, secret: secret ?? kept?.secret ?? made ?? '', token: token ?? kept?.token, at: new Date(clock.now()).toISOString() })
  return { ...hook, path: `/v1/hooks/github/${app}`, ...(made !== undefined && { secret: made }) }
}

/** Throws `NOT_FOUND`. */
export async function removeHook({ store }: Parts, app: AppName): Promise<void> {
  if (!(await store.hooks.remove(app))) throw new PlimsollError('NOT_FOUND', `Nothing is done for ${app} when its repository changes`)
}
