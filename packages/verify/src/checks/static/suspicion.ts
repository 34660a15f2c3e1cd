export interface Suspicion {
  /** As in: holds a Stripe key. */
  readonly what: string
  /** The name says that it is one, and the value does not. */
  readonly mild?: true
}

export interface Suspect {
  readonly key: string
  readonly value: string
  /** Of a machine that serves nobody. */
  readonly mild?: boolean
}

/** Forms that only keys of these services have. */
const tokens: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/^(?:sk|rk)_(?:live|test)_[0-9A-Za-z]{16,}$/, 'a Stripe key'],
  [/^(?:gh[pousr]_[0-9A-Za-z]{30,}|github_pat_\w{40,})$/, 'a GitHub token'],
  [/^xox[abprs]-[0-9A-Za-z-]{10,}$/, 'a Slack token'],
  [/^(?:AKIA|ASIA)[0-9A-Z]{16}$/, 'an AWS key'],
  [/^sk-(?:ant-|proj-)?[0-9A-Za-z_-]{20,}$/, 'an API key'],
  [/^SG\.[\w-]{16,}\.[\w-]{16,}$/, 'a SendGrid key'],
]
const urlWithPassword = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*:([^/?#\s@]+)@([^/?#:\s]+)/i
/** Settings that happen to have such a name: `TOKEN_SALT: 10`, `API_KEY: false`. */
const plainSetting = /^(?:\d{1,6}|true|false|yes|no|on|off|none|null)$/i

/** Why a value that is written in plain sight looks like a secret; undefined when it does not. `looksSecret` knows names. */
export function suspicion({ key, value, mild = false }: Suspect, looksSecret: (key: string) => boolean): Suspicion | undefined {
  const token = tokens.find(([form]) => form.test(value))
  if (token !== undefined) return { what: token[1] }
  const host = urlWithPassword.exec(value)?.[2]
  if (host !== undefined) return { what: 'an address with its password', ...((mild || isLoopback(host)) && { mild: true }) }
  if (!looksSecret(key) || value === '' || plainSetting.test(value)) return undefined
  // A path or an address of a secret is none; nobody chooses seven letters for a secret that is worth something.
  if (/^(?:\.{0,2}\/|https?:\/\/)\S*$/.test(value)) return undefined
  return { what: 'a secret', ...((mild || value.length < 8) && { mild: true }) }
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/.test(host)
}
