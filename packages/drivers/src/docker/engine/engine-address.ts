import { PlimsollError } from '@plimsoll/model'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where a Docker engine is reached. */
export type EngineAddress =
  | { readonly via: 'socket'; readonly path: string }
  /** Without certificates everyone on the network may do everything: Docker itself warns of it. */
  | { readonly via: 'tcp'; readonly host: string; readonly port: number; readonly tls?: EngineTls }
  /** By the user's own OpenSSH, with its configuration, its agent and its known hosts. */
  | { readonly via: 'ssh'; readonly host: string; readonly user?: string; readonly port?: number }

export interface EngineTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** That the engine must prove who it is. */
  readonly verify: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

const usualSocket = '/var/run/docker.sock'

/**
 * What `DOCKER_HOST`, `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` say, read as Docker's own client reads them; the socket of this machine
 * when they say nothing. Throws `USAGE`.
 */
export function engineAddress(environment: Environment): EngineAddress {
  const host = environment['DOCKER_HOST'] ?? ''
  if (host === '') return { via: 'socket', path: usualSocket }
  const path = /^unix:\/\/(\/.+)$/.exec(host)?.[1]
  if (path !== undefined) return { via: 'socket', path }
  const url = URL.canParse(host) ? new URL(host) : undefined
  if (url !== undefined && url.hostname !== '' && url.protocol === 'tcp:') return tcpAddress(url, environment)
  if (url !== undefined && url.hostname !== '' && url.protocol === 'ssh:' && url.password === '' && !url.hostname.startsWith('-')) return sshAddress(url)
  throw new PlimsollError('USAGE', `DOCKER_HOST is ${JSON.stringify(host)}, which names no engine`, {
    hint: `Set it to unix://${usualSocket}, tcp://HOST:2376 or ssh://USER@HOST, or unset it`,
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

/** The same as `DOCKER_HOST`, for Docker's own client; its certificates it finds by its other variables. */
export function dockerHost(address: EngineAddress): string {
  if (address.via === 'socket') return `unix://${address.path}`
  const host = address.host.includes(':') ? `[${address.host}]` : address.host
  if (address.via === 'tcp') return `tcp://${host}:${address.port}`
  const user = address.user === undefined ? '' : `${encodeURIComponent(address.user)}@`
  return `ssh://${user}${host}${address.port === undefined ? '' : `:${address.port}`}`
}

function tcpAddress({ hostname, port }: URL, environment: Environment): EngineAddress {
  const host = hostname.replace(/^\[|\]$/g, '')
  const verify = (environment['DOCKER_TLS_VERIFY'] ?? '') !== ''
  const given = environment['DOCKER_CERT_PATH'] ?? ''
  if (!verify && given === '') return { via: 'tcp', host, port: Number(port || 2375) }
  const directory = given === '' ? join(environment['HOME'] ?? '/', '.docker') : given
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => textOf(join(directory, name)))
  if (verify && ca === undefined) throw new PlimsollError('USAGE', `DOCKER_TLS_VERIFY is set, and there is no ${join(directory, 'ca.pem')}`, { hint: 'Name the directory of ca.pem, cert.pem and key.pem by DOCKER_CERT_PATH' })
  return { via: 'tcp', host, port: Number(port || 2376), tls: { verify, ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) } }
}

function sshAddress({ hostname, username, port }: URL): EngineAddress {
  return { via: 'ssh', host: hostname.replace(/^\[|\]$/g, ''), ...(username !== '' && { user: decodeURIComponent(username) }), ...(port !== '' && { port: Number(port) }) }
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
