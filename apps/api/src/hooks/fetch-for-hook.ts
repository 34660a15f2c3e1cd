import { join, normalize } from 'node:path'
import { fetchSource, usualReceiveLimits } from '@plimsoll/drivers'
import type { AppName } from '@plimsoll/model'
import type { KeptHook } from '@plimsoll/store'
import type { Services } from '../services.ts'
import { keepSource } from '../use-cases/sent-sources.ts'

/** How long a fetch may take. */
const fetchMs = 10 * 60_000

interface Fetching {
  /** Under whose name it is kept; that of the hook unless given. */
  readonly app?: AppName
  readonly kept: KeptHook
  readonly ref: string
  readonly branch: string
}

/** Fetches what `ref` stands for now, from the repository that was settled and no other. `root`: the directory that holds the Blueprint. Throws `SOURCE_UNREADABLE`. */
export async function fetchForHook(services: Pick<Services, 'sources'>, { kept: { hook, token }, app = hook.app, ref, branch }: Fetching, signal: AbortSignal): Promise<{ readonly root: string; readonly directory: string; readonly commit: string }> {
  const url = `${hook.server}/${hook.repository}.git`
  const until = AbortSignal.any([signal, AbortSignal.timeout(fetchMs)])
  const { directory, value: { commit } } = await keepSource(services, app, (at) => fetchSource(at, { url, ref, branch, token }, usualReceiveLimits, until))
  return { directory, commit, root: join(directory, normalize(`/${hook.directory}`)) }
}
