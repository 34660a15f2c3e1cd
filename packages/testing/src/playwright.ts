import type { ApiClient, Credentials } from './api-client.ts'
import { apiOf, databaseOf, signInOf, type FixtureWish, type TestDatabase } from './fixtures.ts'
import { readWorkerConfig } from './worker-config.ts'

export type { ApiClient, ApiRequest, Credentials } from './api-client.ts'
export type { FixtureWish, TestDatabase } from './fixtures.ts'

type Use<T> = (value: T) => Promise<void>
type Fixture<T> = (context: object, use: Use<T>) => Promise<void>

/** What a browser is started with: Playwright's `launchOptions`. */
export interface BrowserLaunch {
  readonly executablePath?: string
  readonly args?: string[]
}

/**
 * Fixtures for `test.extend` of the repository's own Playwright: `db`, `api` and `signIn` as for Vitest; a browser that is the one that was found,
 * and for which every address that the pages were built with leads to the copy that is tested. `web` is where `page.goto('/')` goes.
 */
export function plimsoll(wish: FixtureWish & { readonly web?: string }): {
  db: Fixture<TestDatabase>
  api: Fixture<ApiClient>
  signIn: Fixture<(credentials: Credentials) => Promise<ApiClient>>
  baseURL: Fixture<string | undefined>
  launchOptions: [Fixture<BrowserLaunch>, { scope: 'worker' }]
} {
  // Playwright reads from its text which fixtures a fixture needs, and takes nothing but a plain pattern.
  /* oxlint-disable no-empty-pattern -- see above */
  return {
    db: ({}, use) => use(databaseOf(wish)),
    api: ({}, use) => use(apiOf(wish)),
    signIn: ({}, use) => use((credentials) => signInOf(wish, credentials)),
    baseURL: ({}, use) => use(wish.web === undefined ? undefined : readWorkerConfig().url(wish.web)),
    launchOptions: [({}, use) => use(browserLaunch()), { scope: 'worker' }],
  }
  /* oxlint-enable no-empty-pattern */
}

function browserLaunch(): BrowserLaunch {
  const { browser, hostRules } = readWorkerConfig()
  return { ...(browser !== undefined && { executablePath: browser }), ...(hostRules !== undefined && { args: [`--host-resolver-rules=${hostRules}`] }) }
}
