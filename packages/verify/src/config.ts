/** What a repository's configuration says, for whoever verifies nothing: it loads no more than reading takes. */
export { suspicion } from './checks/static/suspicion.ts'
export { readConfig } from './suites/config/read-config.ts'
export type { Mistake } from './suites/config/diagnose.ts'
export type { Place } from '@plimsoll/testing/config-schema'
