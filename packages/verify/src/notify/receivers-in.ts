import { repositorySchema } from '@plimsoll/model'
import type { Channels } from './channels.ts'
import type { Receiver, ReceiverFault } from './receiver.ts'

/** A receiver of `plimsoll.config.ts`, as the variables that it names make it. */
export interface NamedReceiver {
  readonly channel: Receiver['channel']
  /** Whom it is for, as long as nothing more is known. */
  readonly called: string
  readonly receiver: Receiver | { readonly missing: string }
  /** Which variable holds which part. */
  readonly variables: Readonly<Partial<Record<ReceiverFault['part'], string>>>
}

type Values = Readonly<Record<string, string | undefined>>

/** All receivers, in the order of the settings. */
export function receiversIn({ slack, email, webhooks = [], github }: Channels, values: Values): readonly NamedReceiver[] {
  const held = (name: string): string | undefined => (values[name] === '' ? undefined : values[name])
  const unset = (...names: readonly string[]): { missing: string } => ({ missing: `${names.find((name) => held(name) === undefined) ?? ''} is not set` })
  const all: NamedReceiver[] = []
  if (slack !== undefined) {
    const url = held(slack.urlFrom)
    all.push({ channel: 'slack', called: slack.urlFrom, variables: { url: slack.urlFrom }, receiver: url === undefined ? unset(slack.urlFrom) : { channel: 'slack', url } })
  }
  if (email !== undefined) {
    const { serverFrom, from, to } = email
    const server = held(serverFrom)
    all.push({ channel: 'email', called: to.join(', '), variables: { server: serverFrom }, receiver: server === undefined ? unset(serverFrom) : { channel: 'email', server, from, to } })
  }
  for (const { urlFrom, secretFrom } of webhooks) {
    const [url, secret] = [held(urlFrom), held(secretFrom)]
    all.push({ channel: 'webhook', called: urlFrom, variables: { url: urlFrom, secret: secretFrom }, receiver: url === undefined || secret === undefined ? unset(urlFrom, secretFrom) : { channel: 'webhook', url, secret } })
  }
  if (github !== undefined) all.push(githubReceiver(github, values))
  return all
}

function githubReceiver({ tokenFrom, repository, apiUrl, context }: NonNullable<Channels['github']>, values: Values): NamedReceiver {
  const named = repository ?? values['GITHUB_REPOSITORY']
  const token = values[tokenFrom]
  const missing = token === undefined || token === '' ? `${tokenFrom} is not set` : !repositorySchema.safeParse(named).success ? 'no repository is named: notify.github.repository, or GITHUB_REPOSITORY' : undefined
  return {
    channel: 'github', called: named ?? 'GitHub', variables: { token: tokenFrom },
    receiver: missing !== undefined ? { missing } : { channel: 'github', token: token ?? '', repository: named ?? '', apiUrl: apiUrl ?? values['GITHUB_API_URL'] ?? publicGithub, context },
  }
}

/** Where GitHub's API is, unless another is named. */
export const publicGithub = 'https://api.github.com'
