import 'server-only'
import { cookies, headers } from 'next/headers'

/** Server only: nobody's script gets at these. */
const SESSION = 'halyard_session'
const BAG = 'halyard_bag'
/** For the header of pages that are the same for everybody: read by the browser, trusted by no one. */
const BAG_COUNT = 'halyard_bag_count'
const FIRST_NAME = 'halyard_name'

const BAG_DAYS = 3

export async function sessionToken(): Promise<string | undefined> {
  return (await cookies()).get(SESSION)?.value
}

export async function bagId(): Promise<string | undefined> {
  return (await cookies()).get(BAG)?.value
}

export async function rememberBag(id: string, itemCount: number): Promise<void> {
  const jar = await cookies()
  const common = { ...(await attributes()), maxAge: BAG_DAYS * 24 * 60 * 60 }
  jar.set(BAG, id, { ...common, httpOnly: true })
  jar.set(BAG_COUNT, String(itemCount), common)
}

export async function rememberSession(token: string, name: string, expires: Date): Promise<void> {
  const jar = await cookies()
  const common = { ...(await attributes()), expires }
  jar.set(SESSION, token, { ...common, httpOnly: true })
  jar.set(FIRST_NAME, name.split(' ')[0] ?? name, common)
}

export async function forgetSession(): Promise<void> {
  const jar = await cookies()
  jar.delete(SESSION)
  jar.delete(FIRST_NAME)
}

async function attributes(): Promise<{ path: string; sameSite: 'lax'; secure: boolean }> {
  // TLS ends in front of this process, so only the proxy knows.
  const secure = (await headers()).get('x-forwarded-proto') === 'https'
  return { path: '/', sameSite: 'lax', secure }
}
