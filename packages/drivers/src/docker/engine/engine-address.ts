import { PlimsollError } from '@plimsoll/model'

/** Where a Docker engine is reached. */
export interface EngineAddress {
  readonly via: 'socket'
  readonly path: string
}

const usualSocket = '/var/run/docker.sock'

/** What `DOCKER_HOST` says, read as Docker's own client reads it; the socket of this machine when it says nothing. */
export function engineAddress(environment: Readonly<Record<string, string | undefined>>): EngineAddress {
  const host = environment['DOCKER_HOST'] ?? ''
  if (host === '') return { via: 'socket', path: usualSocket }
  const path = /^unix:\/\/(\/.+)$/.exec(host)?.[1]
  if (path !== undefined) return { via: 'socket', path }
  throw new PlimsollError('USAGE', `DOCKER_HOST is ${JSON.stringify(host)}, which names no engine`, { hint: `Set it to unix://${usualSocket}, or unset it` })
}

/** For messages. */
export function addressText({ path }: EngineAddress): string {
  return path
}
