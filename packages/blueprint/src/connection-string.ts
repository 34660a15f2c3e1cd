import type { DatabaseAddress } from '@plimsoll/model'

/**
 * `postgresql://user:password@host:port/database`, parts escaped. A host that is a directory is a unix socket and goes
 * into the query, where libpq and its kin look for it.
 */
export function databaseUrl({ host, port, user, password, database }: DatabaseAddress): string {
  const who = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`
  const name = encodeURIComponent(database)
  if (host.startsWith('/')) return `postgresql://${who}@/${name}?host=${encodeURIComponent(host)}&port=${port}`
  return `postgresql://${who}@${bracketed(host)}:${port}/${name}`
}

/** `redis://host:port`, with the default user when there is a password. */
export function keyValueUrl(address: { readonly host: string; readonly port: number }, password: string | undefined): string {
  const who = password === undefined || password === '' ? '' : `default:${encodeURIComponent(password)}@`
  return `redis://${who}${hostPort(address)}`
}

/** `host:port`, IPv6 in brackets. */
export function hostPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${bracketed(host)}:${port}`
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
