import { readFileSync } from 'node:fs'
import { errorCodes, outcomeSchema, releaseStates, verificationSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'

const runbook = readFileSync(new URL('../../../docs/runbook.md', import.meta.url), 'utf8')
const sections = new Map(runbook.split(/^## /m).slice(1).map((section) => [section.split('\n', 1)[0] ?? '', section]))

/** The cells of each row of the section's tables, heads and lines between left out. */
function rowsOf(title: string): string[][] {
  const lines = (sections.get(title) ?? '').split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:Exit|State|They say) \|/.test(line))
  return lines.map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
}

/** What stands in backticks and nothing else. */
function wordsIn(cells: readonly (string | undefined)[]): string[] {
  return [...new Set(cells.flatMap((cell) => /^`([a-z-]+)`$/.exec(cell ?? '')?.[1] ?? []))].toSorted()
}

test('every outcome of a release, and every state that status shows, is in the runbook, and no other', () => {
  const outcomes = outcomeSchema.options.map(({ shape }) => shape.is.value)
  expect(wordsIn(rowsOf('What the last lines say').map(([, outcome]) => outcome))).toEqual(outcomes.toSorted())
  expect(wordsIn(rowsOf('What status says of a release').map(([state]) => state))).toEqual(releaseStates.toSorted())
  expect(wordsIn(rowsOf('What verify says').map(([, state]) => state))).toEqual(verificationSchema.shape.state.options.toSorted())
})

test('every code with an exit status of its own is in the runbook, under that status and with its section of errors.md, and no other', () => {
  const told = rowsOf('By exit status').map(([exit, code]) => `${exit} ${code}`)
  const own = Object.entries(errorCodes).filter(([, { exit }]) => exit !== errorCodes.USAGE.exit)
  expect(told.toSorted()).toEqual(own.map(([code, { exit }]) => `${exit} [${code}](errors.md#${code.toLowerCase()})`).toSorted())
})
