import type { JournalEntry } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { agoText, durationText } from './durations.ts'
import { cut } from './live-line.ts'
import { problemText } from './problem-text.ts'
import { StepLines } from './step-lines.ts'

const plain = (_style: unknown, text: string): string => text
const steps = [{ name: 'build', title: 'Build what changed' }, { name: 'shift', title: 'Switch' }]
const at = (seconds: number): string => new Date(1_000_000 + seconds * 1000).toISOString()

test.each([[0, '0.0 s'], [940, '0.9 s'], [9_949, '9.9 s'], [9_960, '10 s'], [59_400, '59 s'], [185_000, '3 min 5 s']])('%d ms reads %s', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})

test('ages read in the unit that says most', () => {
  const now = Date.parse('2026-01-10T12:00:00Z')
  expect(['2026-01-10T11:59:40Z', '2026-01-10T11:30:00Z', '2026-01-10T07:00:00Z', '2026-01-07T12:00:00Z'].map((iso) => agoText(iso, now))).toEqual(['just now', '30 min ago', '5 h ago', '3 days ago'])
})

test('a line is cut to the terminal, and colours take no room', () => {
  expect(cut('abcdef', 4)).toBe('abc')
  expect(cut('\u001B[31mabcdef\u001B[0m', 4)).toBe('\u001B[31mabc\u001B[0m')
})

test('a step is one line when it is done, failed or undone, with its time', () => {
  const lines = new StepLines(steps, plain)
  const entries: JournalEntry[] = [
    { is: 'started', step: 'build', at: at(0) }, { is: 'done', step: 'build', at: at(3), gives: {} },
    { is: 'started', step: 'shift', at: at(3) }, { is: 'failed', step: 'shift', at: at(4), problem: { code: 'EDGE_DOWN', message: 'gone' } },
    { is: 'undoing', step: 'shift', at: at(4) }, { is: 'undone', step: 'shift', at: at(5) }, { is: 'undone', step: 'build', at: at(5) },
  ]
  expect(entries.map((entry) => lines.take(entry)?.text.replace(/ +/g, ' '))).toEqual([undefined, '✓ Build what changed 3.0 s', undefined, '✗ Switch 1.0 s', undefined, '↶ Undo: Switch 1.0 s', undefined])
})

test('a step that changed data is never said to be undone, only that its clearing up failed', () => {
  const lines = new StepLines([{ name: 'migrate', title: 'Run pre-deploy commands', moment: 'data' }, ...steps], plain)
  const said = (entry: JournalEntry) => lines.take(entry)?.text.replace(/ +/g, ' ')
  expect([said({ is: 'undoing', step: 'migrate', at: at(1) }), lines.running(Date.parse(at(2)), '', '*'), said({ is: 'undone', step: 'migrate', at: at(2) })]).toEqual([undefined, undefined, undefined])
  expect(said({ is: 'undo-failed', step: 'migrate', at: at(3), problem: { code: 'DISK_FULL', message: 'full' } })).toBe('✗ Undo: Run pre-deploy commands 2.0 s')
})

test('a step is cut to a narrow terminal, and lines stay in columns', () => {
  const lines = new StepLines([{ name: 'hand-over', title: 'Hand work over to the new workers' }], plain, 40)
  lines.take({ is: 'started', step: 'hand-over', at: at(0) })
  expect(lines.take({ is: 'done', step: 'hand-over', at: at(1), gives: {} })?.text).toBe('✓ Hand work over to the new w…    1.0 s')
})

test('whether a release can still be taken back follows from the step that runs', () => {
  const lines = new StepLines([...steps, { name: 'retire', title: 'Retire', pointOfNoReturn: true }], plain)
  lines.take({ is: 'started', step: 'shift', at: at(0) })
  expect(lines.isPastReturn).toBe(false)
  lines.take({ is: 'started', step: 'retire', at: at(1) })
  expect(lines.isPastReturn).toBe(true)
})

test('the step that runs shows its time and what was said last', () => {
  const lines = new StepLines(steps, plain)
  expect(lines.running(Date.parse(at(0)), '', '*')).toBeUndefined()
  lines.take({ is: 'started', step: 'build', at: at(0) })
  expect(lines.running(Date.parse(at(7)), 'api: compiling', '*')?.replace(/ +/g, ' ')).toBe('* Build what changed 7.0 s api: compiling')
})

test('a problem ends with what happened and what to type, below the log that explains it', () => {
  const text = problemText({ code: 'BUILD_FAILED', message: 'The build of api failed', hint: 'Mend it', details: { service: 'api', log: ['one', 'two'] } }, plain)
  expect(text).toBe('┌ the last 2 lines of api\n│ one\n│ two\n└\n✗ The build of api failed [BUILD_FAILED]\n  → Mend it\n')
})

test('a problem whose details are of another shape is still shown', () => {
  expect(problemText({ code: 'USAGE', message: 'No', details: { log: 7, diagnostics: 'x' } }, plain)).toBe('✗ No [USAGE]\n')
})
