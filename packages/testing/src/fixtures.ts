import { apiClient, signedIn, type ApiClient, type Credentials } from './api-client.ts'
import type { SignIn } from './config-schema.ts'
import { readWorkerConfig } from './worker-config.ts'

export interface FixtureWish {
  /** The service that `api` asks. */
  readonly service?: string
  /** The database that `db` is a clone of. */
  readonly database?: string
  /** Instead of what plimsoll.config.ts says. */
  readonly signIn?: SignIn
}

/** A database of this worker alone. */
export interface TestDatabase {
  /** Its connection string. */
  readonly url: string
}

export function databaseOf({ database }: FixtureWish): TestDatabase {
  return { url: readWorkerConfig().database(given(database, 'database')) }
}

export function apiOf({ service }: FixtureWish): ApiClient {
  return apiClient(readWorkerConfig().url(given(service, 'service')))
}

export async function signInOf({ signIn }: FixtureWish, credentials: Credentials): Promise<ApiClient> {
  const config = readWorkerConfig()
  const recipe = given(signIn ?? config.signIn, 'signIn')
  return signedIn(apiClient(config.url(recipe.service)), recipe, credentials)
}

function given<T>(value: T | undefined, name: keyof FixtureWish): T {
  if (value === undefined) throw new Error(`Say which ${name} is meant: plimsoll({ ${name}: … })${name === 'signIn' ? ', or signIn in plimsoll.config.ts' : ''}`)
  return value
}
