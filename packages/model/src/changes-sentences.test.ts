import { expect, test } from 'vitest'
import { changesSentences } from './changes-sentences.ts'
import { releaseChangesSchema, type ReleaseChanges } from './release-changes.ts'

const some = (subjects: readonly string[], more = 0) => ({ more, commits: subjects.map((subject) => ({ id: '9f3c2a7d1e', author: 'Ada', subject, at: '2026-11-01T00:00:00.000Z' })) })
const sentences = (given: { readonly added?: readonly string[]; readonly dropped?: readonly string[]; readonly more?: number; readonly keys?: readonly string[]; readonly caveats?: readonly string[] }) => {
  const { shape } = releaseChangesSchema
  return changesSentences({
    commits: shape.commits.parse({ is: 'known', added: some(given.added ?? []), dropped: some(given.dropped ?? [], given.more), caveats: given.caveats ?? [] }),
    environment: shape.environment.parse({ is: 'known', variables: (given.keys ?? []).map((key) => ({ service: 'api', key, is: 'changed', origin: 'value' })) }),
  })
}

test('what is taken away comes first, three are named and the others counted', () => {
  expect(sentences({ dropped: ['One', 'Two', 'Three', 'Four'], more: 8, added: ['Five'], keys: ['A', 'B', 'C', 'D'] })).toEqual([
    'Takes away 12 commits: One (9f3c2a7); Two (9f3c2a7); Three (9f3c2a7) and 9 more.', 'Brings one commit: Five (9f3c2a7).',
    'They were made with different environments: A of api, B of api, C of api and 1 more.',
  ])
})

test('nothing that differs is said too, and so are caveats and what is not known', () => {
  expect(sentences({ caveats: ['The clone is shallow'] })).toEqual(['Both are of the same commit.', 'The clone is shallow.', 'Both were made with the same environment.'])
  const unknown: Pick<ReleaseChanges, 'commits' | 'environment'> = { commits: { is: 'not known', why: 'no history' }, environment: { is: 'not known', why: 'no note' } }
  expect(changesSentences(unknown)).toEqual(['Which commits differ is not known: no history.', 'Whether their environments differ is not known: no note.'])
})
