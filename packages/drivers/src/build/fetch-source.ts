import { mkdir, rm } from 'node:fs/promises'
import { PlimsollError } from '@plimsoll/model'
import { checkOut, gitIn, lastWords, wayOut, type CheckOutLimits } from './strange-repository.ts'

export interface WantedSource {
  /** An `https:` or `http:` address without user and password. */
  readonly url: string
  /** The whole name of what is fetched: `refs/heads/main`. */
  readonly ref: string
  /** Under which branch it is checked out; under none unless given. */
  readonly branch?: string | undefined
  /** Shown to `url` and to no other; what is public needs none. */
  readonly token?: string | undefined
}

/**
 * Makes a repository at `directory`, which must not be there yet, of the one commit that `ref` stands for now, checks it out, and gives its id. Redirects are
 * not followed, no other way of reaching anything is taken, and nothing of this machine's configuration comes along: no hook, filter, helper or `.netrc`.
 * Throws `SOURCE_UNREADABLE` where there is no such ref, nobody answers, or it is beyond `limits`; nothing is left then.
 */
export async function fetchSource(directory: string, { url, ref, branch, token }: WantedSource, limits: CheckOutLimits, signal: AbortSignal): Promise<{ readonly commit: string }> { // oxlint-disable-line max-params -- a signal is the last parameter of everything that waits
  if (!/^https?:\/\/[^@]*$/.test(url) || !/^refs\/[^\s:*^~?[\\-][^\s:*^~?[\\]*$/.test(ref)) throw new PlimsollError('SOURCE_UNREADABLE', `${url} ${ref} cannot be fetched`)
  const config = ['protocol.https.allow=always', 'protocol.http.allow=always', 'http.followRedirects=false', 'credential.helper=', 'fetch.fsckObjects=true', 'http.lowSpeedLimit=1000', 'http.lowSpeedTime=60']
  const git = gitIn(directory, signal, { config, environment: { ...wayOut, ...shown(url, token) } })
  await mkdir(directory, { recursive: true, mode: 0o700 })
  try {
    await git('init', '--quiet', '--template=', '.')
    await git('fetch', '--quiet', '--depth=1', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', url, `+${ref}:refs/plimsoll/fetched`)
    const commit = (await git('rev-parse', '--verify', 'refs/plimsoll/fetched^{commit}')).trim()
    await checkOut(git, { commit, branch }, limits)
    return { commit }
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    signal.throwIfAborted()
    if (error instanceof PlimsollError) throw error
    throw new PlimsollError('SOURCE_UNREADABLE', `${ref} of ${url} cannot be fetched: ${lastWords(error)}`, { hint: 'See that the repository, the branch and the token are right.' })
  }
}

/** In the environment and not in the arguments, which everybody on the machine can read; and for this address alone. */
function shown(url: string, token: string | undefined): Record<string, string> {
  if (token === undefined) return {}
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  return { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: `http.${url}.extraHeader`, GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}` }
}
