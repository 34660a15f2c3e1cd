import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createHash, randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose'

/** What goes wrong at the provider; nothing unless set. */
export interface ProviderFault {
  /** In place of what belongs into the ID token. */
  claims?: JWTPayload
  unsigned?: true
  /** Signed with a key that it does not publish. */
  unknownKey?: true
  /** In place of the state that it was given. */
  state?: string
  /** It sends people back with an error. */
  refuses?: string
  /** All it answers to the token request: a status, or nothing at all. */
  token?: number | 'silence'
}

/** A small real provider of OpenID Connect, at which the person who is set signs in without being asked. */
export interface IdentityProvider {
  readonly issuer: string
  person: { sub: string; preferred_username?: string; groups?: string[] }
  fault: ProviderFault
  /** Every code that was asked for a token. */
  readonly codes: readonly string[]
  close(): Promise<void>
}

export const client = { id: 'plimsoll', secret: 'the secret of the client' }

interface Grant {
  readonly nonce: string
  readonly challenge: string
  readonly redirectUri: string
}

/** Reached on this machine as `name`: under another than that of the console it is another site to a browser. */
export async function startIdentityProvider(name: '127.0.0.1' | 'localhost' = '127.0.0.1'): Promise<IdentityProvider> {
  const [known, other] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')])
  const jwk = { ...(await exportJWK(known.publicKey)), kid: 'known', alg: 'RS256', use: 'sig' }
  const grants = new Map<string, Grant>()
  const codes: string[] = []
  const state = { person: { sub: 'ada-1' } as IdentityProvider['person'], fault: {} as ProviderFault }
  const server = createServer((request, response) => void answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error))))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://${name}:${(server.address() as AddressInfo).port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer)
    if (url.pathname === '/.well-known/openid-configuration') return reply(response, { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys`, response_types_supported: ['code'], id_token_signing_alg_values_supported: ['RS256'], code_challenge_methods_supported: ['S256'] })
    if (url.pathname === '/keys') return reply(response, { keys: [jwk] })
    if (url.pathname === '/authorize') return authorize(url.searchParams, response)
    if (url.pathname === '/token') return token(new URLSearchParams(await text(request)), response)
    response.writeHead(404).end()
  }

  function authorize(asked: URLSearchParams, response: ServerResponse): void {
    const redirectUri = asked.get('redirect_uri') ?? ''
    const back = new URL(redirectUri)
    const code = randomUUID()
    grants.set(code, { nonce: asked.get('nonce') ?? '', challenge: asked.get('code_challenge') ?? '', redirectUri })
    back.searchParams.set('state', state.fault.state ?? asked.get('state') ?? '')
    if (state.fault.refuses === undefined) back.searchParams.set('code', code)
    else back.searchParams.set('error', state.fault.refuses)
    response.writeHead(302, { location: back.href }).end()
  }

  async function token(asked: URLSearchParams, response: ServerResponse): Promise<void> {
    const { fault, person } = state
    if (fault.token === 'silence') return
    if (fault.token !== undefined) return reply(response, { error: 'server_error' }, fault.token)
    const code = asked.get('code') ?? ''
    const grant = grants.get(code)
    grants.delete(code)
    codes.push(code)
    const isRight = grant !== undefined && asked.get('redirect_uri') === grant.redirectUri && createHash('sha256').update(asked.get('code_verifier') ?? '').digest('base64url') === grant.challenge
    if (!isRight || asked.get('client_secret') !== client.secret) return reply(response, { error: 'invalid_grant' }, 400)
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: issuer, aud: client.id, iat: now, exp: now + 60, nonce: grant.nonce, ...person, ...fault.claims }
    reply(response, { access_token: 'none', token_type: 'Bearer', id_token: await signed(claims, fault.unknownKey ? other.privateKey : known.privateKey) })
  }

  function signed(claims: JWTPayload, key: CryptoKey): string | Promise<string> {
    if (state.fault.unsigned) return new UnsecuredJWT(claims).encode()
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: state.fault.unknownKey ? 'other' : 'known' }).sign(key)
  }

  return {
    issuer, codes,
    get person() { return state.person },
    set person(person) { state.person = person },
    get fault() { return state.fault },
    set fault(fault) { state.fault = fault },
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}

function reply(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
