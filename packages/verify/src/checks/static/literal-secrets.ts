import type { Blueprint } from '@plimsoll/model'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import { readEnvFiles, type EnvFileValue } from './env-files.ts'
import type { SourceReaders } from '../source-code.ts'

/** No secret stands in the Blueprint or an .env file, which everybody sees who sees the repository. Says where one stands, and never what it is. */
export function literalSecrets({ readBlueprint, readSource, looksSecret }: Pick<SourceReaders, 'readBlueprint' | 'readSource' | 'looksSecret'>): RehearsalCheck {
  return {
    id: 'environment.literal-secrets',
    title: 'No secret is written in the Blueprint or in an .env file of the repository',
    concern: 'environment',
    after: ['blueprint.resolves'],
    limitMs: 10_000,
    async ask({ blueprint: text, source }, signal) {
      const { blueprint } = readBlueprint(text, { file: source.blueprint })
      if (blueprint === undefined) return []
      const inEnvFiles = await readEnvFiles(source.root, (await readSource(source, signal)).files)
      const written = [...valuesIn(blueprint, source.blueprint), ...inEnvFiles.map(ofEnvFile)]
      const findings = written.flatMap((each): Finding[] => {
        const why = suspicion(each, looksSecret)
        return why === undefined ? [] : [accusation(each, why)]
      })
      const places = [source.blueprint, ...new Set(inEnvFiles.map(({ file }) => file))]
      return findings.length > 0 ? findings : [{ is: 'pass', finding: `None of the ${written.length} values in ${places.join(', ')} looks like a secret` }]
    },
  }
}

interface WrittenValue {
  readonly key: string
  readonly value: string
  readonly file: string
  readonly line: number
  /** ` of api`, ` of group shop-internal`; empty for one that stands in a file of its own. */
  readonly holder: string
  readonly hint: string
  /** Of a machine that serves nobody. */
  readonly mild: boolean
}

function ofEnvFile({ forDevelopment, ...value }: EnvFileValue): WrittenValue {
  return { ...value, holder: '', mild: forDevelopment, hint: `Take ${value.key} out of the file, and name it in the Blueprint with sync: false or generateValue: true.` }
}

function valuesIn({ services, groups }: Blueprint, file: string): WrittenValue[] {
  const holders = [...services.map(({ name, env, buildEnv }) => ({ holder: String(name), to: String(name), env: [...env, ...buildEnv] })), ...groups.map(({ name, env }) => ({ holder: `group ${name}`, to: `group:${name}`, env }))]
  return holders.flatMap(({ holder, to, env }) => env.flatMap((entry) => (entry.is !== 'value' ? [] : [{
    key: entry.key, value: entry.value, file, line: entry.at.line, holder: ` of ${holder}`, mild: false,
    hint: `Write generateValue: true in its place, or sync: false and set it outside the file: plimsoll env set ${to}/${entry.key}=…`,
  }])))
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

function suspicion({ key, value, mild }: WrittenValue, looksSecret: (key: string) => boolean): Suspicion | undefined {
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

function accusation({ key, file, line, holder, hint }: WrittenValue, { what, mild }: Suspicion): Finding {
  return {
    is: 'fail',
    ...(mild === true && { weight: 'advice' }),
    finding: `${file}:${line} ${key}${holder} holds ${what} in plain sight: everybody who can read the repository has it`,
    hint: `${hint} A value that was committed stays in the history: replace it where it is used.`,
    reproduce: `git log --oneline -L ${line},${line}:${file}`,
  }
}
