import type { Release } from '@plimsoll/model'
import type { Services } from '../services.ts'
import type { Asking } from './repeated-requests.ts'

/** The release that the same request has begun, before Plimsoll died and could answer. */
export async function begunBefore({ store }: Pick<Services, 'store'>, asking: Asking | undefined): Promise<Release | undefined> {
  return asking === undefined ? undefined : store.releases.askedAs(asking.askedAs)
}
