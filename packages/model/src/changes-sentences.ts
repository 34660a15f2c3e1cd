import type { ReleaseChanges } from './release-changes.ts'
import type { SomeCommits } from './release-note.ts'

/** So many are named. */
const named = 3

/** What a release brings and takes away beside another, in plain sentences for whoever is about to let it serve. The schema has its own in {@link rollbackSentences}. */
export function changesSentences({ commits, environment }: Pick<ReleaseChanges, 'commits' | 'environment'>): string[] {
  return [...commitSentences(commits), environmentSentence(environment)]
}

function commitSentences(commits: ReleaseChanges['commits']): string[] {
  if (commits.is === 'not known') return [`Which commits differ is not known: ${commits.why}.`]
  const { added, dropped, caveats } = commits
  const told = [...listed('Takes away', dropped), ...listed('Brings', added)]
  return [...(told.length === 0 ? ['Both are of the same commit.'] : told), ...caveats.map((caveat) => `${caveat}.`)]
}

function listed(verb: string, { commits, more }: SomeCommits): string[] {
  const count = commits.length + more
  if (count === 0) return []
  const first = commits.slice(0, named).map(({ id, subject }) => `${subject} (${id.slice(0, 7)})`)
  return [`${verb} ${count === 1 ? 'one commit' : `${count} commits`}: ${first.join('; ')}${rest(count)}.`]
}

function environmentSentence(environment: ReleaseChanges['environment']): string {
  if (environment.is === 'not known') return `Whether their environments differ is not known: ${environment.why}.`
  const names = environment.variables.map(({ key, service }) => `${key} of ${service}`)
  if (names.length === 0) return 'Both were made with the same environment.'
  return `They were made with different environments: ${names.slice(0, named).join(', ')}${rest(names.length)}.`
}

function rest(count: number): string {
  return count > named ? ` and ${count - named} more` : ''
}
