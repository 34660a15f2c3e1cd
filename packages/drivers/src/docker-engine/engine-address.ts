import { PlimsollError } from '@plimsoll/model'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dockerContext } from './docker-context.ts'

/** Where a Docker engine is reached. */
export type EngineAddress =
  | { readonly via: 'socket'; readonly path: string }
  /** Without certificates everyone on the network may do everything: Docker itself warns of it. */
  | { readonly via: 'tcp'; readonly host: string; readonly port: number; readonly tls?: EngineTls }
  /** By the user's own OpenSSH, with its configuration, its agent and its known hosts. */
  | { readonly via: 'ssh'; readonly host: string; readonly user?: string; readonly port?: number }

export interface EngineTls {
  /** Where the three were read from. */
  readonly directory: string
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** That the engine must prove who it is. */
  readonly verify: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

const usualSocket = '/var/run/docker.sock'

/**
 * What `DOCKER_HOST`, `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` say, read as Docker's own client reads them; without the first, what its context says;
 * the socket of this machine when nothing does. Throws `USAGE`.
 */
export function engineAddress(environment: Environment): EngineAddress {
  const host = environment['DOCKER_HOST'] ?? ''
  if (host !== '') return addressIn({ host, from: 'DOCKER_HOST', ...certificatesOf(environment) })
  const context = dockerContext(environment)
  if (context === undefined) return { via: 'socket', path: usualSocket }
  return addressIn({ ...context, from: `The Docker context ${context.name}`, verify: context.certificates !== undefined && context.verify })
}

interface Named {
  readonly host: string
  /** What names it, for people. */
  readonly from: string
  /** The directory of `ca.pem`, `cert.pem` and `key.pem`; without one nobody proves anything. */
  readonly certificates?: string
  readonly verify: boolean
}

function addressIn(named: Named): EngineAddress {
  const { host, from } = named
  const path = /^unix:\/\/(\/.+)$/.exec(host)?.[1]
  if (path !== undefined) return { via: 'socket', path }
  const url = URL.canParse(host) ? new URL(host) : undefined
  if (url !== undefined && url.hostname !== '' && url.protocol === 'tcp:') return tcpAddress(url, named)
  if (url !== undefined && url.hostname !== '' && url.protocol === 'ssh:' && url.password === '' && !url.hostname.startsWith('-')) return sshAddress(url)
  throw new PlimsollError('USAGE', `${from} is ${JSON.stringify(host)}, which names no engine`, {
    hint: `Set DOCKER_HOST to unix://${usualSocket}, tcp://HOST:2376 or ssh://USER@HOST`,
  })
}

/** For messages. */
export function addressText(address: EngineAddress): string {
  switch (address.via) {
    case 'socket':
      return address.path
    case 'tcp':
      return `tcp://${address.host}:${address.port}`
    case 'ssh':
      return `ssh://${address.user === undefined ? '' : `${address.user}@`}${address.host}`
  }
}

/** The variables by which Docker's own client finds the same engine, whatever its context says. */
export function clientEnvironment(address: EngineAddress): Readonly<Record<string, string>> {
  const tls = address.via === 'tcp' ? address.tls : undefined
  return { DOCKER_HOST: dockerHost(address), ...(tls && { DOCKER_CERT_PATH: tls.directory, ...(tls.verify ? { DOCKER_TLS_VERIFY: '1' } : { DOCKER_TLS: '1' }) }) }
}

export function dockerHost(address: EngineAddress): string {
  if (address.via === 'socket') return `unix://${address.path}`
  const host = address.host.includes(':') ? `[${address.host}]` : address.host
  if (address.via === 'tcp') return `tcp://${host}:${address.port}`
  const user = address.user === undefined ? '' : `${encodeURIComponent(address.user)}@`
  return `ssh://${user}${host}${address.port === undefined ? '' : `:${address.port}`}`
}

/** Docker's own client looks for them in its directory only where it is to verify. */
function certificatesOf(environment: Environment): Pick<Named, 'certificates' | 'verify'> {
  const verify = (environment['DOCKER_TLS_VERIFY'] ?? '') !== ''
  const given = environment['DOCKER_CERT_PATH'] ?? ''
  if (given !== '') return { verify, certificates: given }
  return verify ? { verify, certificates: join(environment['HOME'] ?? '/', '.docker') } : { verify }
}

function tcpAddress({ hostname, port }: URL, { certificates: directory, verify }: Named): EngineAddress {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (directory === undefined) return { via: 'tcp', host, port: Number(port || 2375) }
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => textOf(join(directory, name)))
  if (verify && ca === undefined) throw new PlimsollError('USAGE', `The Docker engine at ${host} is to prove who it is, and there is no ${join(directory, 'ca.pem')}`, { hint: 'Name the directory of ca.pem, cert.pem and key.pem by DOCKER_CERT_PATH' })
  return { via: 'tcp', host, port: Number(port || 2376), tls: { directory, verify, ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) } }
}

function sshAddress({ hostname, username, port }: URL): EngineAddress {
  return { via: 'ssh', host: hostname.replace(/^\[|\]$/g, ''), ...(username !== '' && { user: decodeURIComponent(username) }), ...(port !== '' && { port: Number(port) }) }
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
