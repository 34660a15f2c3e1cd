import { PlimsollError, type AppName } from '@plimsoll/model'
import type { AppRecord } from '@plimsoll/store'
import type { Services } from '../services.ts'

/** What is known of an app. Throws `NOT_FOUND`, naming the apps that there are. */
export async function findApp({ store }: Pick<Services, 'store'>, name: AppName): Promise<AppRecord> {
  const app = await store.apps.find(name)
  if (app !== undefined) return app
  const others = (await store.apps.list()).map((each) => each.name)
  throw new PlimsollError('NOT_FOUND', `There is no app "${name}"`, {
    hint: others.length === 0 ? 'Release one first: plimsoll up' : `There are: ${others.join(', ')}`,
  })
}
