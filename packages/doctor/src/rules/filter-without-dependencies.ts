import type { Remedy } from '@plimsoll/blueprint/inspect'
import type { WorkspacePackage } from '@plimsoll/repository'
import { parseLine, parsePackageManager } from '@plimsoll/repository/commands'
import type { RepositoryFiles } from '../repository-files.ts'
import type { Found, Rule } from '../rule.ts'
import { servicesHere, type ServiceCommand } from '../service.ts'
import { turboFile } from '../turbo-file.ts'

export const filterWithoutDependencies: Rule = {
  id: 'filter-without-dependencies',
  severity: 'warning',
  holds: 'A filter that builds a package builds what it depends on too.',
  why: 'The build ends with "Cannot find module", because the packages that it imports were never built or installed.',
  mends: true,
  *find(subject) {
    for (const { service, repository } of servicesHere(subject)) {
      const build = service.commands.find(({ key }) => key === 'buildCommand')
      if (build !== undefined) yield* narrowFilters(build, repository)
    }
  },
}

/** One `--filter` of a command line, and what it runs there. */
interface Filtered {
  /** As it is written, without its dots. */
  readonly filter: string
  readonly withDependencies: boolean
  readonly package: WorkspacePackage
  /** `install`, or the name of a script or a task. */
  readonly does: string
  readonly by: 'turbo' | 'pnpm'
}

function* narrowFilters({ node, text, analysis }: ServiceCommand, repository: RepositoryFiles): Iterable<Found> {
  const filters = parseLine(text).commands.flatMap(({ words }) => filtersIn(words, repository))
  // What works for every package, or for what is needed, may well make it.
  if (!analysis.understood || analysis.invocations.some(({ scope }) => scope === 'all')) return
  const worked = new Set(analysis.invocations.flatMap(({ scope }) => (scope === 'all' ? [] : scope)))
  for (const one of filters) {
    const { filter, does, by } = one
    const forgotten = needed(one, repository).filter((other) => !(does !== 'install' && worked.has(other)) && !filters.some((each) => each.does === does && covers(each, other, repository)))
    if (forgotten.length === 0) continue
    const names = forgotten.map(({ name }) => name).join(', ')
    yield {
      place: node,
      message: does === 'install' ? `installs for ${one.package.name} alone, and not for ${names}` : `${by} runs ${does} of ${one.package.name} alone, and not of ${names}`,
      fix: `write --filter ${filter}... with its three dots`,
      remedy: dotted(text, filter),
    }
  }
}

/** Puts the dots behind the filter, where it stands without them. */
function dotted(text: string, filter: string): Remedy | undefined {
  const forms = ['--filter=', '--filter ', '-F ', '-F=', '--filter="', "--filter='"].map((flag) => `${flag}${filter}`)
  const form = forms.find((each) => text.replaceAll(`${each}...`, '').includes(each))
  if (form === undefined) return undefined
  let at = text.indexOf(form)
  while (text.startsWith('...', at + form.length)) at = text.indexOf(form, at + 1)
  // As much of what follows as it takes to tell it from the same filter with its dots.
  let length = form.length
  while (length < text.length - at && text.split(text.slice(at, at + length)).length > 2) length += 1
  return { do: 'replace', from: text.slice(at, at + length), to: `${form}...${text.slice(at + form.length, at + length)}` }
}

function filtersIn(words: readonly string[], { workspace }: RepositoryFiles): Filtered[] {
  const [program = '', ...args] = words
  const call = parsePackageManager(program, args)
  const turbo = program === 'turbo' ? args : call?.name === 'turbo' ? call.args : undefined
  if (turbo === undefined && call?.manager !== 'pnpm') return []
  const does = turbo === undefined ? (call?.kind === 'install' ? 'install' : (call?.name ?? '')) : (turbo.find((word) => word !== 'run' && !word.startsWith('-')) ?? '')
  return filtersOf(turbo ?? args).flatMap((whole): Filtered[] => {
    const filter = whole.replace(/\.\.\.$/, '')
    const one = packageCalled(filter, workspace.packages)
    return one === undefined ? [] : [{ filter, withDependencies: whole !== filter, package: one, does, by: turbo === undefined ? 'pnpm' : 'turbo' }]
  })
}

function filtersOf(args: readonly string[]): string[] {
  return args.flatMap((word, index) => {
    const found = /^(?:--filter|-F)(?:=(.*))?$/.exec(word)
    return found === null ? [] : [found[1] ?? args[index + 1] ?? '']
  })
}

/** By its name, by the end of its name where only one ends so, or by its directory. */
function packageCalled(filter: string, packages: readonly WorkspacePackage[]): WorkspacePackage | undefined {
  const exact = packages.find(({ name, directory }) => name === filter || `./${directory}` === filter || `{./${directory}}` === filter)
  return exact ?? onlyOne(packages.filter(({ name }) => name.split('/').at(-1) === filter))
}

function onlyOne<Thing>(things: readonly Thing[]): Thing | undefined {
  return things.length === 1 ? things[0] : undefined
}

/** What must have run as well for the filtered package to work, as far as it does anything. */
function needed({ package: one, does, by }: Filtered, repository: RepositoryFiles): WorkspacePackage[] {
  if (by === 'turbo' && dependsOnAbove(does, repository)) return []
  const others = repository.closureOf([one]).filter((other) => other !== one)
  if (does === 'install') return others.filter(({ manifest }) => Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length > 0)
  return others.filter(({ manifest }) => Object.hasOwn(manifest.scripts, does))
}

function covers({ withDependencies, package: one }: Filtered, other: WorkspacePackage, { closureOf }: RepositoryFiles): boolean {
  return one === other || (withDependencies && closureOf([one]).includes(other))
}

/** Whether Turborepo runs the task of the dependencies first. True also where turbo.json does not tell. */
function dependsOnAbove(task: string, repository: RepositoryFiles): boolean {
  const tasks = Object.entries(turboFile(repository)?.tasks ?? {})
  return tasks.length === 0 || tasks.some(([name, { dependsOn }]) => (name === task || name.endsWith(`#${task}`)) && dependsOn.includes(`^${task}`))
}
