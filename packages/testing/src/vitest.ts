import type { ApiClient, Credentials } from './api-client.ts'
import { apiOf, databaseOf, signInOf, type FixtureWish, type TestDatabase } from './fixtures.ts'

export type { ApiClient, ApiRequest, Credentials } from './api-client.ts'
export type { FixtureWish, TestDatabase } from './fixtures.ts'

type Use<T> = (value: T) => Promise<void>

/**
 * Fixtures for `test.extend` of the repository's own Vitest: `db`, this worker's database; `api`, a client for a service; `signIn`, which
 * gives a client that is known. Each says what is missing only when a test uses it.
 */
export function plimsoll(wish: FixtureWish): {
  db: (context: object, use: Use<TestDatabase>) => Promise<void>
  api: (context: object, use: Use<ApiClient>) => Promise<void>
  signIn: (context: object, use: Use<(credentials: Credentials) => Promise<ApiClient>>) => Promise<void>
} {
  // Vitest reads from its text which fixtures a fixture needs, and takes nothing but a plain pattern.
  /* oxlint-disable no-empty-pattern -- see above */
  return {
    db: ({}, use) => use(databaseOf(wish)),
    api: ({}, use) => use(apiOf(wish)),
    signIn: ({}, use) => use((credentials) => signInOf(wish, credentials)),
  }
  /* oxlint-enable no-empty-pattern */
}
