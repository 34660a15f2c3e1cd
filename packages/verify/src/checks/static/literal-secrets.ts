import type { Blueprint } from '@plimsoll/model'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import { readEnvFiles, type EnvFileValue } from './env-files.ts'
import { suspicion, type Suspicion } from './suspicion.ts'
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

function accusation({ key, file, line, holder, hint }: WrittenValue, { what, mild }: Suspicion): Finding {
  return {
    is: 'fail',
    ...(mild === true && { weight: 'advice' }),
    finding: `${file}:${line} ${key}${holder} holds ${what} in plain sight: everybody who can read the repository has it`,
    hint: `${hint} A value that was committed stays in the history: replace it where it is used.`,
    reproduce: `git log --oneline -L ${line},${line}:${file}`,
  }
}
