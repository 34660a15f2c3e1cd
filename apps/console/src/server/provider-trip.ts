import 'server-only'
import { cookies } from 'next/headers'
import { isSecure, localPath } from './session.ts'

/** What a browser takes along to the provider and back: by what the API knows it again, and where it wanted to go. */
interface Trip {
  readonly attempt: string
  readonly to: string
}

const away = 'plimsoll_away'
const saidLast = 'plimsoll_said'
const path = '/sign-in'

/** Sent along when the provider leads back, which is a request from another site: `Lax`, and of use together with an answer to this one attempt alone. */
export async function beginTrip({ attempt, to, endsAt }: Trip & { readonly endsAt: string }): Promise<void> {
  (await cookies()).set(away, `${attempt} ${to}`, { httpOnly: true, sameSite: 'lax', secure: await isSecure(), path, expires: new Date(endsAt) })
}

/** Undefined for a browser that was never sent there. It is forgotten either way. */
export async function endTrip(): Promise<Trip | undefined> {
  const jar = await cookies()
  const [attempt, ...to] = jar.get(away)?.value.split(' ') ?? []
  jar.delete({ name: away, path })
  return attempt === undefined ? undefined : { attempt, to: localPath(to.join(' ')) }
}

/** Says `sentence` on the page that comes next, and not in an address, where anybody could say anything. */
export async function sayNext(sentence: string): Promise<void> {
  (await cookies()).set(saidLast, sentence, { httpOnly: true, sameSite: 'lax', secure: await isSecure(), path, maxAge: 20 })
}

export async function saidBefore(): Promise<string | undefined> {
  return (await cookies()).get(saidLast)?.value
}
