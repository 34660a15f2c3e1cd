import { readConfig } from '../config.ts'

/** The part of a request's head that tells where it comes from. */
export type Head = Pick<Headers, 'get'>

const hosts = /^(?:localhost|127\.0\.0\.1|\[::1\]|(?:[a-z0-9-]+\.)+localhost)(?::\d{1,5})?$/i

/**
 * True for a request that was made to this machine under one of its own names, or to the console under the address that it is known by. A foreign
 * name that was made to point here (DNS rebinding) carries that name as its host.
 */
export function namesTheConsole(head: Head, consoleUrl = readConfig(process.env).consoleUrl): boolean {
  const host = head.get('host') ?? ''
  return hosts.test(host) || (consoleUrl !== undefined && host.toLowerCase() === new URL(consoleUrl).host)
}

/**
 * True for a request that one of the console's own pages made, or a person by typing the address.
 * The browser sets these fields and no page can forge them. Needed beside {@link namesTheConsole}, because
 * a page on another port of this machine, such as a released app, is not a page of the console.
 */
export function isOwnRequest(head: Head, consoleUrl = readConfig(process.env).consoleUrl): boolean {
  if (!namesTheConsole(head, consoleUrl)) return false
  const site = head.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none') return false
  const origin = head.get('origin')
  return origin === null || hostOf(origin) === head.get('host')?.toLowerCase()
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
