import type { KeptHook } from '@plimsoll/store'
import { deliver, publicGithub, tell, withoutSecrets, type Message, type Receiver } from '@plimsoll/verify/notify'
import type { Services } from '../services.ts'

/** What a commit is marked with before there is a verification that says it. */
export function plainMark({ commit, state, says, now }: { readonly commit: string; readonly state: 'pending' | 'error'; readonly says: string; readonly now: number }): Message {
  return { id: `msg_${commit}_${state}`, type: `verification.${state}`, at: new Date(now).toISOString(), headline: says, causes: [], causesInAll: 0, about: commit, mail: { thread: commit, id: commit }, data: {}, status: { commit, dirty: false, state, was: 'verified' } }
}

/** Marks the commit that `message` is about, within a minute. Gives why it could not be; undefined when it was. */
export async function markCommit({ clock }: Pick<Services, 'clock'>, { hook: { repository, server }, token }: KeptHook, message: Message, signal: AbortSignal): Promise<string | undefined> { // oxlint-disable-line max-params -- a signal is the last parameter of everything that waits
  if (token === undefined) return 'the commit is not marked, for there is no token'
  const receiver: Receiver = { channel: 'github', repository, token, apiUrl: server === 'https://github.com' ? publicGithub : `${server}/api/v3` }
  const { is, why } = await deliver((until) => tell(receiver, message, clock.now(), until), clock, signal)
  return is === 'delivered' ? undefined : `the commit could not be marked: ${withoutSecrets(why ?? is, [token])}`
}
