import { PlimsollError } from '@plimsoll/model'
import { allowInsecureRequests, authorizationCodeGrant, AuthorizationResponseError, buildAuthorizationUrl, calculatePKCECodeChallenge, ClientError, ClientSecretPost, discovery, enableNonRepudiationChecks, None, randomNonce, randomPKCECodeVerifier, randomState, ResponseBodyError, type Configuration } from 'openid-client'
import type { ProviderSettings } from './provider-settings.ts'

/** What an answer of the provider is held against: made for one attempt, and told to nobody. */
export interface Expected {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** Whom the provider says that somebody is. */
export interface Identified {
  readonly issuer: string
  readonly subject: string
  /** Of the claim that holds it; undefined where that is missing or no text. */
  readonly name: string | undefined
  readonly groups: readonly string[]
}

/** Speaks OpenID Connect: authorization code, with PKCE, state and nonce. Its configuration is asked of the issuer when it is first needed. */
export interface ProviderClient {
  /** Where a browser goes. Throws `PROVIDER_DOWN`. */
  leave(): Promise<{ readonly url: string; readonly expected: Expected }>
  /** Who has come back with `answer`, the query that the provider has led back with. Throws `UNAUTHORIZED` for one that proves nothing, and `PROVIDER_DOWN`. */
  identify(answer: string, expected: Expected): Promise<Identified>
}

/** How long the provider may take for each answer. */
const patienceS = 10

export function createProviderClient(settings: ProviderSettings, timeoutS = patienceS): ProviderClient {
  const { issuer, clientId, clientSecret, name, scopes, redirectUri } = settings
  let asked: Promise<Configuration> | undefined
  const configuration = (): Promise<Configuration> => {
    // What could not be found out is asked again the next time.
    asked ??= discover(settings).catch((error: unknown) => {
      asked = undefined
      throw new PlimsollError('PROVIDER_DOWN', `${name} does not say how to sign in: ${reasonOf(error)}`, { hint: `Whoever looks after this Plimsoll finds it at ${issuer}. A password, or a link of \`plimsoll console\`, works meanwhile.`, cause: error })
    })
    return asked
  }
  const discover = async ({ issuer: server }: ProviderSettings): Promise<Configuration> => {
    const insecure = new URL(server).protocol === 'http:' ? [allowInsecureRequests] : []
    // Without this, an ID token that came over TLS is believed for that alone.
    return discovery(new URL(server), clientId, undefined, clientSecret === undefined ? None() : ClientSecretPost(clientSecret), { timeout: timeoutS, execute: [...insecure, enableNonRepudiationChecks] })
  }
  return {
    async leave() {
      const expected = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() }
      const url = buildAuthorizationUrl(await configuration(), { redirect_uri: redirectUri, scope: scopes, state: expected.state, nonce: expected.nonce, code_challenge: await calculatePKCECodeChallenge(expected.verifier), code_challenge_method: 'S256' })
      return { url: url.href, expected }
    },
    async identify(answer, { state, nonce, verifier }) {
      const back = new URL(redirectUri)
      back.search = answer
      try {
        const tokens = await authorizationCodeGrant(await configuration(), back, { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true })
        return identified(tokens.claims(), settings)
      } catch (error) {
        throw problemOf(error, name)
      }
    },
  }
}

function identified(claims: Readonly<Record<string, unknown>> | undefined, { nameClaim, groupsClaim }: ProviderSettings): Identified {
  const { iss, sub } = claims ?? {}
  if (typeof iss !== 'string' || typeof sub !== 'string') throw new TypeError('an ID token was checked and has no subject')
  const called = claims?.[nameClaim]
  const groups = [claims?.[groupsClaim]].flat()
  return { issuer: iss, subject: sub, name: typeof called === 'string' ? called : undefined, groups: groups.filter((group) => typeof group === 'string') }
}

/** Of the library, for an answer that never came, or is none. */
const away: ReadonlySet<unknown> = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON', 'OAUTH_PARSE_ERROR'])

function problemOf(error: unknown, name: string): unknown {
  if (error instanceof PlimsollError) return error
  const reason = reasonOf(error)
  const details = { reason }
  if (error instanceof AuthorizationResponseError) return new PlimsollError('UNAUTHORIZED', `${name} did not let you in: ${reason}`, { details })
  if (error instanceof ResponseBodyError) return new PlimsollError('UNAUTHORIZED', `${name} does not take what it led you back with: ${reason}`, { hint: 'Sign in once more.', details })
  const isAway = error instanceof ClientError ? away.has(error.code) : error instanceof TypeError
  if (isAway) return new PlimsollError('PROVIDER_DOWN', `${name} does not answer: ${reason}`, { hint: 'Try again. A password, or a link of `plimsoll console`, works meanwhile.', details, cause: error })
  return new PlimsollError('UNAUTHORIZED', `What ${name} answered does not prove who you are`, { hint: 'Sign in once more, from the beginning.', details, cause: error })
}

/** In a word of the protocol or of the library; what else the provider wrote is shown to nobody. */
function reasonOf(error: unknown): string {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) return /^\w{1,60}$/.test(error.error) ? error.error : 'an error without a name'
  if (error instanceof ClientError) return error.code ?? error.message
  return 'it was not reached'
}
