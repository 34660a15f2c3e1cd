import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { changedSince } from './changed-files.ts'
import { classify, looksLikeInfrastructure } from './classify.ts'
import { openHistory } from './history.ts'
import { mostQuarantined } from './quarantine.ts'
import { shareOfRuns, wilson } from '@plimsoll/model'

const signal = new AbortController().signal

test('a share has the interval that the tables give', () => {
  const percent = (hits: number, runs: number) => [wilson(hits, runs).low, wilson(hits, runs).high].map((each) => Number((each * 100).toFixed(1)))
  expect(percent(1, 20)).toEqual([0.9, 23.6])
  expect(percent(5, 100)).toEqual([2.2, 11.2])
  expect(percent(0, 10)).toEqual([0, 27.8])
  expect(percent(10, 10)).toEqual([72.2, 100])
  expect(percent(0, 0)).toEqual([0, 100])
  expect(shareOfRuns(1, 1)).toBe('1 of 1 run (95 % interval: 20.7–100.0 %)')
})

test('tests that share a name pass when all of them do', () => {
  const each = (is: 'passed' | 'failed') => ({ name: 'a', title: 'a', is, tookMs: 2 })
  expect(classify([each('passed'), each('failed')], [])).toEqual([{ name: 'a', is: 'failed', tookMs: 4, attempts: 1 }])
  expect(classify([each('passed'), each('failed')], [[each('passed'), each('passed')]])).toMatchObject([{ is: 'flaky', attempts: 2 }])
})

test('a test that failed and was not run again has failed', () => {
  expect(classify([{ name: 'a', title: 'a', is: 'failed', tookMs: 1 }], [[]])).toMatchObject([{ is: 'failed', attempts: 1 }])
})

test('more than 80 % of five tests or more are not failures of their own', () => {
  const of = (failed: number, passed: number) => [...Array.from({ length: failed }, () => ({ is: 'failed' as const })), ...Array.from({ length: passed }, () => ({ is: 'passed' as const })), { is: 'skipped' as const }]
  expect([of(4, 0), of(5, 0), of(8, 2), of(9, 1)].map(looksLikeInfrastructure)).toEqual([false, true, false, true])
})

test('five tests may be in quarantine, or 2 % of many', () => {
  expect([0, 250, 299, 1_000].map(mostQuarantined)).toEqual([5, 5, 5, 20])
})

test('a history keeps what it was told, forgets what nobody ran for 90 days, and begins anew when it is torn', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'history-'))
  try {
    const file = join(directory, 'below/history.json')
    const day = 24 * 3_600_000
    await (await openHistory(file)).add('api', [{ name: 'old', is: 'passed' }, { name: 'not run', is: 'skipped' }], 0)
    const history = await openHistory(file)
    expect(history.of('api', 'not run')).toBeUndefined()
    await Promise.all([history.add('api', [{ name: 'a', is: 'flaky' }], 91 * day), history.add('web', [{ name: 'a', is: 'failed' }], 91 * day)])
    const again = await openHistory(file)
    expect([again.size, again.of('api', 'old'), again.of('api', 'a'), again.of('web', 'a')]).toEqual([2, undefined, { runs: 1, flaky: 1, failed: 0, lastAt: '1970-04-02T00:00:00.000Z' }, { runs: 1, flaky: 0, failed: 1, lastAt: '1970-04-02T00:00:00.000Z' }])
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, -5))
    expect((await openHistory(file)).size).toBe(0)
  } finally {
    await rm(directory, { recursive: true })
  }
})

test('changed lines are those of the new side, also where a line looks like a header', async () => {
  const diff = ['diff --git a/a.ts b/a.ts', '--- a/a.ts', '+++ b/a.ts', '@@ -1 +1,2 @@', '-old', '++++ b/not-a-file.ts', '+@@ -9 +9 @@', '@@ -9,2 +10,0 @@', '-x', '-y', 'diff --git a/b.ts b/b.ts', '--- /dev/null', '+++ b/b.ts', '@@ -0,0 +1 @@', '+b', '\\ No newline at end of file', ''].join('\n')
  const git = (args: readonly string[]) => Promise.resolve(Buffer.from(args.includes('diff') ? diff : 'new file.ts\0'))
  expect([...(await changedSince('abc', git, signal)) ?? []]).toEqual([['a.ts', new Set([1, 2])], ['b.ts', new Set([1])], ['new file.ts', 'all']])
})

test('what git cannot say is not guessed', async () => {
  expect(await changedSince('abc', () => Promise.reject(new Error('bad object')), signal)).toBeUndefined()
})
