import type { Way } from '@plimsoll/model'
import { publicGithub, withoutSecrets, type Receiver } from '@plimsoll/verify/notify'

/** Whom a way leads to. A webhook's secret is given to it when it is kept. */
export function receiverOf(way: Way): Receiver {
  if (way.kind === 'slack') return { channel: 'slack', url: way.url }
  if (way.kind === 'webhook') return { channel: 'webhook', url: way.url, secret: way.secret ?? '' }
  if (way.kind === 'email') return { channel: 'email', server: way.server, from: way.from, to: way.to }
  return { channel: 'github', repository: way.repository, token: way.token, apiUrl: way.apiUrl ?? publicGithub }
}

/** A receiver's own words, without what is secret about reaching it. */
export function hidden(text: string, way: Way): string {
  const secrets = { slack: ['url'], webhook: ['url', 'secret'], email: ['server'], github: ['token'] }[way.kind]
  return withoutSecrets(text, secrets.map((key) => String((way as Readonly<Record<string, unknown>>)[key] ?? '')))
}
