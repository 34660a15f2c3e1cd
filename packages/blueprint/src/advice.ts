import type { Inventory, ServiceEntry } from './inventory.ts'
import { carriesPassword, isPublicName, looksSecret } from './looks-secret.ts'
import type { Remedy } from './remedy.ts'
import type { Report } from './report.ts'
import { itemsOf, textOf, valueOf, type YamlNode } from './yaml-tree.ts'

/** What is legal and goes wrong all the same, from Blueprints and post-mortems seen in the wild. */
export function advise({ services, groups }: Inventory, report: Report): void {
  for (const service of services) {
    adviseCommands(service, report)
    for (const entry of itemsOf(service.node, 'envVars')) {
      adviseNodeEnv(entry, service, report)
      adviseReference(entry, report)
      adviseValue(entry, report)
    }
  }
  for (const { node } of groups) for (const entry of itemsOf(node, 'envVars')) adviseValue(entry, report)
}

function adviseCommands({ node }: ServiceEntry, report: Report): void {
  for (const key of ['buildCommand', 'preDeployCommand', 'startCommand']) {
    const place = valueOf(node, key)
    if (place === undefined || !/\bcorepack\s+enable\b/.test(textOf(node, key) ?? '')) continue
    report.add('corepack-enable', place, 'corepack enable fails on Render: /usr/bin is read-only there', 'call pnpm directly, or npx pnpm@<exact version>', withoutEnable(textOf(node, key) ?? ''))
  }
}

/** Without it the command is the same; the native images bring pnpm. */
function withoutEnable(command: string): Remedy | undefined {
  const call = /(?:^|(?<=[;&]\s*))corepack\s+enable(?:\s+[\w@./-]+)*\s*(?:&&|;)\s*/.exec(command)?.[0]
  return call === undefined ? undefined : { do: 'replace', from: call, to: '' }
}

/** Flags that install devDependencies whatever NODE_ENV says. */
const installsAll = /--prod=false|--production=false|--include[= ]dev|--dev\b/

function adviseNodeEnv(entry: YamlNode, { node, runtime }: ServiceEntry, report: Report): void {
  if (runtime !== 'node' || textOf(entry, 'key') !== 'NODE_ENV' || textOf(entry, 'value') !== 'production') return
  const build = textOf(node, 'buildCommand') ?? ''
  if (!buildsAfterInstall(build) || installsAll.test(build)) return
  report.add('node-env-build', entry, 'NODE_ENV=production also holds during the build, where it skips devDependencies', 'remove it (it is set at run time anyway), or install with pnpm install --frozen-lockfile --prod=false', { do: 'remove' })
}

/** `yarn` alone installs too. */
const installs = /\b(?:install|npm ci|npm i|pnpm i)\b|\byarn(?:\s+-\S+)*$/

/** Whether anything runs that what was not installed could be missing from. */
function buildsAfterInstall(build: string): boolean {
  const calls = build.split(/&&|\|\||[;\n]/).map((call) => call.trim())
  return calls.some((call) => installs.test(call)) && calls.some((call) => call !== '' && !installs.test(call) && !/^(?:cd|echo|export|set)\b/.test(call))
}

function adviseReference(entry: YamlNode, report: Report): void {
  const key = textOf(entry, 'key') ?? ''
  const reference = valueOf(entry, 'fromService')
  const property = textOf(reference, 'property')
  const isPrivate = property !== undefined && property !== 'slug'
  const place = reference ?? valueOf(entry, 'fromDatabase')
  const isAddress = /(?:^|_)(?:URL|URI|ORIGIN)$/.test(key)
  if (place !== undefined && isPublicName(key) && (isPrivate || reference === undefined)) {
    report.add('public-from-private', place, `${key} ends up in browsers, which cannot reach private addresses`, 'use envVarKey: RENDER_EXTERNAL_URL', isAddress && isPrivate ? { do: 'rename', at: `${place.path}.property`, key: 'envVarKey', value: 'RENDER_EXTERNAL_URL' } : undefined)
  } else if (place !== undefined && (property === 'host' || property === 'hostport') && isAddress) {
    report.add('host-no-scheme', place, `${key} will be ${property === 'host' ? 'a bare host name' : 'host:port'} without http://`, 'put http:// in front of it in the program, or use envVarKey: RENDER_EXTERNAL_URL')
  }
}

function adviseValue(entry: YamlNode, report: Report): void {
  const key = textOf(entry, 'key') ?? ''
  const value = textOf(entry, 'value')
  const place = valueOf(entry, 'value')
  if (value === undefined || place === undefined) return
  if (/\$\{\w+\}/.test(value)) {
    report.add('no-interpolation', place, 'is taken as it is written; ${…} is not replaced', 'put the text together in the program or in the start command')
  }
  if (value !== '' && (looksSecret(key) || carriesPassword(value))) {
    report.add('literal-secret', place, 'looks like a secret in plain sight', 'write generateValue: true, or sync: false and set it outside the file')
  }
}
