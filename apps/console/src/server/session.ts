import 'server-only'
import type { Session } from '@plimsoll/model'
import { cookies, headers } from 'next/headers'
import { readConfig } from '../config.ts'

const name = 'plimsoll_session'

/** What proves to the API who looks at the console; empty for somebody who has not signed in. */
export async function sessionToken(): Promise<string> {
  return (await cookies()).get(name)?.value ?? ''
}

/**
 * From now on this browser is known. No script can read it, and no page of another site makes the browser send it; a cookie knows no ports, so that
 * on the machine itself the console lives under 127.0.0.1, apart from the apps, which live under localhost.
 */
export async function keepSession({ token, endsAt }: Session): Promise<void> {
  (await cookies()).set(name, token, { httpOnly: true, sameSite: 'strict', secure: await isSecure(), path: '/', expires: new Date(endsAt) })
}

export async function forgetSession(): Promise<void> {
  (await cookies()).delete(name)
}

/** Browsers keep a secure cookie of plain HTTP for no other host than this machine. */
export async function isSecure(): Promise<boolean> {
  const { consoleUrl } = readConfig(process.env)
  const head = await headers()
  return consoleUrl?.startsWith('https:') === true && head.get('host')?.toLowerCase() === new URL(consoleUrl).host
}

/** A path of the console itself, or its beginning: nobody is led elsewhere by what stands in an address. */
export function localPath(to: string | null | undefined): string {
  return to !== null && to !== undefined && /^\/(?![/\\])/.test(to) && URL.parse(to, 'http://here')?.host === 'here' ? to : '/'
}
