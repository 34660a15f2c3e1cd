import { join } from 'node:path'
import type { Artifact, Blueprint } from '@plimsoll/model'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { Rehearsal } from '../../rehearsal/rehearsal.ts'
import type { SourceReaders } from '../source-code.ts'
import { inwardAddressesIn } from './addresses-in.ts'
import { textsOf } from './files-below.ts'
import { secretSearch } from './hidden-forms.ts'
import { notHere } from './in-image.ts'
import { isText, ownFilesOf } from './served-files.ts'

/** What browsers get leads them nowhere that only the developer's machine knows, and no file of an artifact holds a secret. */
export function clientBundle({ readBlueprint }: Pick<SourceReaders, 'readBlueprint'>): RehearsalCheck {
  return {
    id: 'artifact.client-bundle',
    title: 'What browsers get holds no inward address and no secret',
    concern: 'artifact',
    limitMs: 60_000,
    async ask(rehearsal, signal) {
      const { blueprint } = readBlueprint(rehearsal.blueprint, { file: rehearsal.source.blueprint })
      const own = ownAddresses(rehearsal, blueprint)
      const looks = await Promise.all(Object.values(rehearsal.artifacts).map((artifact) => lookThrough({ artifact, rehearsal, own, blueprint }, signal)))
      const findings = looks.flatMap((look) => look.findings)
      const files = looks.reduce((sum, look) => sum + look.files, 0)
      const unseen = notHere(rehearsal, 'secrets')
      if (findings.length > 0) return [...findings, ...unseen]
      return files === 0 ? [{ is: 'skipped', finding: 'No artifact has files of its own here' }] : [...unseen, { is: 'pass', finding: `${files} files hold no inward address and no secret` }]
    },
  }
}

interface Scene {
  readonly artifact: Artifact
  readonly rehearsal: Rehearsal
  readonly own: ReadonlySet<string>
  readonly blueprint: Blueprint | undefined
}

/** Next.js writes it into the build by itself, for the servers of one release; browsers must not get it all the same. */
const bakedByNext = 'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY'

async function lookThrough(scene: Scene, signal: AbortSignal): Promise<{ readonly findings: readonly Finding[]; readonly files: number }> {
  const { artifact, rehearsal, own } = scene
  const { served, prerendered, server } = await ownFilesOf(artifact, rehearsal.specs.find(({ service }) => service === artifact.service))
  const reaches = new Set([...served, ...prerendered])
  const all = [...reaches, ...server].filter(isText)
  const search = secretSearch(rehearsal.secrets)
  const addresses = new Map<string, string>()
  const secrets = new Map<string, Finding>()
  for await (const { path, text } of textsOf(artifact.files, all, signal)) {
    const toBrowsers = reaches.has(path)
    const inward = toBrowsers ? inwardAddressesIn(path, text).filter((found) => !own.has(found) && !addresses.has(found)) : []
    for (const found of inward) addresses.set(found, path)
    for (const { secret, how } of search.in(text)) {
      if (!toBrowsers && secret.key === bakedByNext) continue
      const key = `${secret.key} ${toBrowsers}`
      if (!secrets.has(key)) secrets.set(key, secretFound({ artifact, path, how, toBrowsers }, secret))
    }
  }
  return { findings: [...[...addresses].map(([address, path]) => addressFound(scene, address, path)), ...secrets.values()], files: all.length }
}

/** `host:port` of what the place itself told the build: there, browsers find the app. */
function ownAddresses({ environments, artifacts }: Rehearsal, blueprint: Blueprint | undefined): ReadonlySet<string> {
  const given = Object.values(environments).flatMap((environment) => environment['RENDER_EXTERNAL_URL']?.value ?? [])
  const baked = Object.values(artifacts).flatMap(({ service, publicValues }) => Object.entries(publicValues).filter(([key]) => literal(blueprint, service, key) === undefined).map(([, value]) => value))
  return new Set([...given, ...baked].flatMap((value) => URL.parse(value)?.host ?? []))
}

/** The value that the Blueprint itself gives a variable, and where. */
function literal(blueprint: Blueprint | undefined, service: string, key: string): { readonly value: string; readonly line: number } | undefined {
  const entries = blueprint?.services.find(({ name }) => name === service)?.env ?? []
  const groups = new Set(entries.flatMap((entry) => (entry.is === 'fromGroup' ? [entry.group] : [])))
  const all = [...entries, ...(blueprint?.groups ?? []).filter(({ name }) => groups.has(name)).flatMap(({ env }) => env)]
  for (const entry of all) if (entry.is === 'value' && entry.key === key) return { value: entry.value, line: entry.at.line }
  return undefined
}

function addressFound({ artifact, blueprint, rehearsal }: Scene, address: string, path: string): Finding {
  const [variable] = Object.entries(artifact.publicValues).find(([, value]) => value.includes(address)) ?? []
  const written = variable === undefined ? undefined : literal(blueprint, artifact.service, variable)
  const from = variable === undefined ? '' : `, because ${variable} is ${address}${written === undefined ? '' : ` in ${rehearsal.source.blueprint}:${written.line}`}`
  return {
    is: 'fail',
    service: artifact.service,
    finding: `${artifact.service} sends browsers to ${address}, which is the visitor's own machine or a private network (${path})${from}`,
    hint: variable === undefined
      ? 'Most often a fallback in the code that the build took because its NEXT_PUBLIC_ variable was not set: give it in the Blueprint with fromService and envVarKey: RENDER_EXTERNAL_URL.'
      : `Give ${variable} with fromService and envVarKey: RENDER_EXTERNAL_URL, so that every place fills in its own public address.`,
    reproduce: `grep -o '.\\{40\\}${address}.\\{40\\}' ${join(artifact.files, path)}`,
  }
}

interface Leak {
  readonly artifact: Artifact
  readonly path: string
  readonly how: string
  readonly toBrowsers: boolean
}

function secretFound({ artifact, path, how, toBrowsers }: Leak, { key, service }: Rehearsal['secrets'][number]): Finding {
  const whose = service === artifact.service ? key : `${key} of ${service}`
  return {
    is: 'fail',
    service: artifact.service,
    finding: toBrowsers ? `${artifact.service} hands ${whose} to every browser${how}: ${path}` : `The build of ${artifact.service} wrote ${whose} into ${path}${how}: whoever gets the artifact has it`,
    hint: toBrowsers
      ? `Read ${key} only in code that runs on the server (import 'server-only' keeps it there), build again, and replace the value: this one counts as known.`
      : `Read ${key} when the service starts, not while it is built (no env: in next.config, no define of a bundler), and replace the value if the artifact left this machine.`,
    reproduce: `grep -lF "$${key}" ${join(artifact.files, path)}`,
  }
}
