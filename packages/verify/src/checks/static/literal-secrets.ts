import type { Blueprint } from '@plimsoll/model'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { SourceReaders } from '../source-code.ts'

/** No secret stands in the Blueprint, which everybody sees who sees the repository. Says where one stands, and never what it is. */
export function literalSecrets({ readBlueprint, looksSecret }: Pick<SourceReaders, 'readBlueprint' | 'looksSecret'>): RehearsalCheck {
  return {
    id: 'environment.literal-secrets',
    title: 'No secret is written in the Blueprint',
    concern: 'environment',
    after: ['blueprint.resolves'],
    limitMs: 10_000,
    async ask({ blueprint: text, source: { blueprint: file } }) {
      const { blueprint } = readBlueprint(text, { file })
      if (blueprint === undefined) return []
      const written = valuesIn(blueprint)
      const findings = written.flatMap((each): Finding[] => {
        const why = suspicion(each, looksSecret)
        return why === undefined ? [] : [accusation(each, why, file)]
      })
      return findings.length > 0 ? findings : [{ is: 'pass', finding: `None of the ${written.length} values in ${file} looks like a secret` }]
    },
  }
}

interface WrittenValue {
  readonly key: string
  readonly value: string
  readonly line: number
  /** `api`, or `group shop-internal`. */
  readonly holder: string
}

function valuesIn({ services, groups }: Blueprint): WrittenValue[] {
  const holders = [...services.map(({ name, env, buildEnv }) => ({ holder: String(name), env: [...env, ...buildEnv] })), ...groups.map(({ name, env }) => ({ holder: `group ${name}`, env }))]
  return holders.flatMap(({ holder, env }) => env.flatMap((entry) => (entry.is === 'value' ? [{ key: entry.key, value: entry.value, line: entry.at.line, holder }] : [])))
}

interface Suspicion {
  readonly what: string
  /** The name says that it is one, and the value does not. */
  readonly mild?: true
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

function suspicion({ key, value }: WrittenValue, looksSecret: (key: string) => boolean): Suspicion | undefined {
  const token = tokens.find(([form]) => form.test(value))
  if (token !== undefined) return { what: token[1] }
  const host = urlWithPassword.exec(value)?.[2]
  if (host !== undefined) return { what: 'an address with its password', ...(isLoopback(host) && { mild: true }) }
  if (!looksSecret(key) || value === '' || plainSetting.test(value)) return undefined
  // A path or an address of a secret is none; nobody chooses seven letters for a secret that is worth something.
  if (/^(?:\.{0,2}\/|https?:\/\/)\S*$/.test(value)) return undefined
  return { what: 'a secret', ...(value.length < 8 && { mild: true }) }
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/.test(host)
}

function accusation({ key, line, holder }: WrittenValue, { what, mild }: Suspicion, file: string): Finding {
  return {
    is: 'fail',
    ...(mild === true && { weight: 'advice' }),
    finding: `${file}:${line} ${key} of ${holder} holds ${what} in plain sight: everybody who can read the repository has it`,
    hint: `Write generateValue: true in its place, or sync: false and set it outside the file: plimsoll env set ${holder.replace(/^group /, 'group:')}/${key}=… A value that was committed stays in the history: replace it where it is used.`,
    reproduce: `git log --oneline -L ${line},${line}:${file}`,
  }
}
