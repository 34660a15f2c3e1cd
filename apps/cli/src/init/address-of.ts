import type { FoundRepository, FoundService } from '@plimsoll/repository/apps'

/** A service of the same repository that a variable leads to, and the form in which its program wants the address. */
export interface AddressOf {
  readonly service: FoundService
  readonly as: 'url' | 'hostname' | 'hostport' | 'host' | 'port'
}

const shape = /^(?:NEXT_PUBLIC_)?(.*?)_?(URLS?|URI|ORIGINS?|ENDPOINT|HOSTPORT|HOSTNAME|HOST|PORT|DOMAIN)$/
const forms: Readonly<Record<string, AddressOf['as']>> = { HOSTPORT: 'hostport', HOSTNAME: 'hostname', DOMAIN: 'hostname', HOST: 'host', PORT: 'port' }
/** Words that say nothing of whose address it is. */
const idle = new Set(['BASE', 'PUBLIC', 'INTERNAL', 'PRIVATE', 'SERVICE', 'CORS', 'ALLOWED', 'ALLOW', 'DEFAULT', 'EXTERNAL', 'HTTP', 'ROOT'])
const back = new Set(['API', 'BACKEND', 'SERVER'])
const front = new Set(['FRONTEND', 'FRONT', 'CLIENT', 'WEB', 'WEBSITE', 'WEBAPP', 'APP', 'SITE', 'UI'])
/** Libraries that are told the address of the program that they are in. */
const self = new Set(['NEXTAUTH', 'AUTH', 'BETTER_AUTH'])

/** Whose address `key` holds, by its name and by the port of the address that its program takes without it; undefined for one that is nobody's here. */
export function addressOf({ services }: Pick<FoundRepository, 'services'>, reader: FoundService, { key, instead }: { readonly key: string; readonly instead: string | undefined }): AddressOf | undefined {
  const [, before = '', ending = ''] = shape.exec(key) ?? []
  if (ending === '') return undefined
  const as = forms[ending] ?? 'url'
  const words = before.split('_').filter((word) => word !== '' && !idle.has(word))
  const reached = services.filter(({ kind }) => kind !== 'worker')
  const found = byName(reached, words.join('_')) ?? byPort(reached, instead) ?? byRole({ services: reached, reader, words: words.join('_'), isCors: /CORS|ALLOWE?D?|ORIGIN/.test(key), isBare: before === '' || as !== 'url' })
  // Sites and those that only listen for browsers have no address on the private network.
  return found === undefined || (found.kind === 'site' && as !== 'url' && as !== 'hostname') ? undefined : { service: found, as }
}

function byName(services: readonly FoundService[], words: string): FoundService | undefined {
  return services.find(({ name, package: { directory } }) => [name, directory.split('/').at(-1) ?? ''].some((each) => each.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_') === words))
}

/** `http://localhost:4000`, where one of them usually listens on 4000. */
function byPort(services: readonly FoundService[], instead: string | undefined): FoundService | undefined {
  const port = /^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):(\d+)/.exec(instead ?? '')?.[1]
  const found = port === undefined ? [] : services.filter(({ usualPort }) => usualPort === Number(port))
  return found.length === 1 ? found[0] : undefined
}

interface Role {
  readonly services: readonly FoundService[]
  readonly reader: FoundService
  readonly words: string
  readonly isCors: boolean
  /** Nothing but the form of an address, or a part of one: too little to tell whose it is. */
  readonly isBare: boolean
}

function byRole({ services, reader, words, isCors, isBare }: Role): FoundService | undefined {
  if (self.has(words)) return reader
  if (back.has(words)) return reader.kind === 'fastify' ? reader : theOnly(services, 'fastify')
  if (front.has(words)) return reader.kind === 'next' || reader.kind === 'site' ? reader : (theOnly(services, 'next') ?? theOnly(services, 'site'))
  if (words !== '') return undefined
  // Whom an API answers in browsers is the app that they have open.
  if (isCors) return reader.kind === 'next' ? reader : theOnly(services, 'next')
  return isBare || reader.kind === 'worker' ? undefined : reader
}

function theOnly(services: readonly FoundService[], kind: FoundService['kind']): FoundService | undefined {
  const found = services.filter((service) => service.kind === kind)
  return found.length === 1 ? found[0] : undefined
}
