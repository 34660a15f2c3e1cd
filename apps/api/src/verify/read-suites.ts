import type { Source } from '@plimsoll/model'
import { readConfig, type SuiteConfig } from '@plimsoll/verify/rehearse'
import { configInvalid } from '../configured/config-invalid.ts'
import type { Services } from '../services.ts'
import { channelsIn } from './channels-in.ts'

const limitMs = 30_000

/** What the repository says about its own suites. Throws `CONFIG_INVALID` with all its mistakes in `details.diagnostics`. */
export async function readSuites({ suites }: Pick<Services, 'suites'>, { root }: Source, signal: AbortSignal): Promise<SuiteConfig> {
  const read = await readConfig({ root, environment: await suites.environment(), limitMs }, signal)
  if ('config' in read) {
    channelsIn(read.config)
    return read.config
  }
  throw configInvalid(read)
}
