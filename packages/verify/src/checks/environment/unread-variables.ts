import type { Blueprint } from '@plimsoll/model'
import { isOfPlatform } from '@plimsoll/repository/program'
import type { Finding } from '../../rehearsal/rehearsal-check.ts'
import type { Rehearsal } from '../../rehearsal/rehearsal.ts'
import { filesBelow, textsOf } from '../artifact/files-below.ts'
import { isText } from '../artifact/served-files.ts'
import type { SourceCode, SourceReaders } from '../source-code.ts'

export interface UnreadVariable {
  /** Those that are given it. */
  readonly services: readonly string[]
  readonly key: string
  readonly finding: Finding
}

interface Question {
  readonly rehearsal: Rehearsal
  readonly code: SourceCode
  readonly readBlueprint: SourceReaders['readBlueprint']
}

/** Files that only hand variables on. */
const handsOn = /(?:^|\/)(?:render[\w.-]*\.ya?ml|turbo\.json|\.env[\w.-]*|(?:docker-)?compose[\w.-]*\.ya?ml|[^/]*lock[^/]*)$|\.(?:md|mdx|d\.ts)$|(?:^|\/)\.(?:github|circleci|gitlab)/

/**
 * What the Blueprint gives a service although its name stands nowhere: not in the repository's own files, and not in anything that was installed with the
 * service. A variable of a group is asked about as long as no service of the group has it.
 */
export async function unreadVariables({ rehearsal, code, readBlueprint }: Question, signal: AbortSignal): Promise<UnreadVariable[]> {
  const { blueprint } = readBlueprint(rehearsal.blueprint, { file: rehearsal.source.blueprint })
  const given = blueprint === undefined ? [] : givenIn(blueprint)
  const sources = code.files.filter((path) => isText(path) && !handsOn.test(path))
  const unread = await without(given, rehearsal.source.root, sources, signal)
  if (unread.length === 0) return []
  const found: UnreadVariable[] = []
  for (const each of unread) {
    const artifacts = each.services.flatMap((service) => rehearsal.artifacts[service] ?? [])
    const looked = await Promise.all(artifacts.map(async ({ files }) => ({ files, paths: (await filesBelow(files)).filter(isText) })))
    // What is in an image alone cannot be looked through.
    if (looked.length < each.services.length || looked.some(({ paths }) => paths.length === 0)) continue
    const still = await Promise.all(looked.map(({ files, paths }) => without([each], files, paths, signal)))
    if (still.every((left) => left.length > 0)) found.push({ services: each.services, key: each.key, finding: findingOf(each, rehearsal.source.blueprint) })
  }
  return found
}

interface GivenVariable {
  readonly key: string
  readonly line: number
  /** A service, or `group shop-internal`. */
  readonly holder: string
  readonly services: readonly string[]
}

function givenIn({ services, groups }: Blueprint): GivenVariable[] {
  const own = services.filter(({ kind, runtime }) => kind !== 'keyvalue' && runtime === 'node').flatMap(({ name, env }) =>
    env.flatMap((entry) => (entry.is === 'fromGroup' ? [] : [{ key: entry.key, line: entry.at.line, holder: String(name), services: [name] }])))
  const shared = groups.flatMap(({ name: group, env }) => {
    const users = services.filter((service) => service.env.some((entry) => entry.is === 'fromGroup' && entry.group === group)).map(({ name }) => String(name))
    return users.length === 0 ? [] : env.map(({ key, at }) => ({ key, line: at.line, holder: `group ${group}`, services: users }))
  })
  return [...own, ...shared].filter(({ key }) => !isOfPlatform(key))
}

/** Those of which no file speaks. */
// oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
async function without(given: readonly GivenVariable[], root: string, paths: readonly string[], signal: AbortSignal): Promise<GivenVariable[]> {
  let left = [...given]
  for await (const { text } of textsOf(root, paths, signal)) {
    left = left.filter(({ key }) => !text.includes(key))
    if (left.length === 0) break
  }
  return left
}

function findingOf({ key, line, holder }: GivenVariable, file: string): Finding {
  return {
    is: 'fail', weight: 'advice',
    finding: `${file}:${line} gives ${key} to ${holder}, and nothing there speaks of it`,
    hint: `Take ${key} out of the Blueprint, or correct its name.`,
    reproduce: `git grep -n ${key}`,
  }
}
