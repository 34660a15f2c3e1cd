import type { KeptRelease } from '@plimsoll/engine'
import { PlimsollError, type AppName, type Source } from '@plimsoll/model'
import { skipChecks, suiteChecks, type RehearsalCheck, type SuiteChecksOptions, type SuiteConfig } from '@plimsoll/verify/rehearse'
import type { Services } from '../services.ts'

export interface Questions {
  readonly app: AppName
  readonly source: Source
  readonly config: SuiteConfig
  readonly live: KeptRelease | undefined
  /** Where suites write. */
  readonly scratch: string
  readonly record: SuiteChecksOptions['record']
  /** What suites find as TRACEPARENT; nothing where nothing is traced. */
  readonly traceparent: string | undefined
}

/** What is asked of every app, and then what its own suites ask, but for what its configuration leaves out. Throws `CONFIG_INVALID` for checks that there are none of. */
export async function checksOf({ rehearsalChecks, suites, store }: Pick<Services, 'rehearsalChecks' | 'suites' | 'store'>, { app, source, config, live, scratch, record, traceparent }: Questions): Promise<readonly RehearsalCheck[]> {
  const liveCommit = live === undefined ? undefined : (await store.releases.find(app, live.release))?.source.commit
  const own = suiteChecks(config, { world: await suites.open(source.root, scratch, traceparent), historyFile: suites.historyFile(app), root: source.root, liveCommit, record })
  const { checks, unknown } = skipChecks([...(await rehearsalChecks()), ...own], config.checks)
  if (unknown.length === 0) return checks
  throw new PlimsollError('CONFIG_INVALID', `plimsoll.config.ts leaves out checks that there are none of: ${unknown.join(', ')}`, { hint: `There are ${checks.map(({ id }) => id).join(', ')}` })
}
