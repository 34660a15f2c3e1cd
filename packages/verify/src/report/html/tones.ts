import type { Concern, ConcernTally, SuiteRun, SuiteTest, Verdict, Verification } from '@plimsoll/model'
import { asMarkup, markup, type Markup } from '../markup.ts'

/** How a word feels, and with it which colour and mark it gets; the word always stands beside it. */
export type Tone = 'good' | 'quiet' | 'warn' | 'bad'

const shapes: Readonly<Record<Tone, string>> = {
  good: '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.6"/><circle cx="8" cy="8" r="3" fill="currentColor"/>',
  quiet: '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.4 2.2"/>',
  warn: '<path d="M8 2.8 13.6 13H2.4z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round"/><path d="M8 6.6v3M8 11.2v.1" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/>',
  bad: '<path d="M4 4l8 8M12 4l-8 8" stroke="currentColor" stroke-width="2.4" stroke-linecap="round"/>',
}

/** A tone as a shape, so that it is told apart without colour too. */
export function mark(tone: Tone): Markup {
  return markup`<svg class="mark" data-tone="${tone}" viewBox="0 0 16 16" aria-hidden="true">${asMarkup(shapes[tone])}</svg>`
}

/** The load line of a ship, level or, where something is wrong, heeled over. */
export function loadLine(isLevel: boolean): Markup {
  return markup`<svg class="load-line" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.5" aria-hidden="true"><circle cx="12" cy="12" r="7.5"/><path d="M1 12h22"${asMarkup(isLevel ? '' : ' transform="rotate(-18 12 12)"')}/></svg>`
}

export const stateTones: Readonly<Record<Verification['state'], Tone>> = { passed: 'good', blocked: 'bad', unsure: 'warn', interrupted: 'warn', running: 'quiet' }

export function verdictWord({ is, weight }: Verdict): { readonly tone: Tone; readonly word: string } {
  if (is === 'pass') return { tone: 'good', word: 'Passed' }
  if (is === 'skipped') return { tone: 'quiet', word: 'Not asked' }
  if (weight === 'advice') return { tone: 'warn', word: 'Advice' }
  return is === 'fail' ? { tone: 'bad', word: 'Blocks' } : { tone: 'warn', word: 'Not known' }
}

export const testWords: Readonly<Record<SuiteTest['is'], { readonly tone: Tone; readonly word: string }>> = {
  failed: { tone: 'bad', word: 'Failed' }, flaky: { tone: 'warn', word: 'Flaky' }, skipped: { tone: 'quiet', word: 'Skipped' }, passed: { tone: 'good', word: 'Passed' },
}

export const suiteWords: Readonly<Record<SuiteRun['is'], { readonly tone: Tone; readonly word: string }>> = {
  failed: { tone: 'bad', word: 'Failed' }, broken: { tone: 'bad', word: 'Broke' }, skipped: { tone: 'quiet', word: 'Not run' }, passed: { tone: 'good', word: 'Passed' },
}

/** A concern in few words: the worst first. */
export function tallyWord({ isAsked, failed, unknown, advice, passed, skipped }: ConcernTally): { readonly tone: Tone; readonly words: string } {
  if (!isAsked) return { tone: 'quiet', words: 'Not checked' }
  const parts = ([[failed, 'failed'], [unknown, 'not known'], [passed, 'passed'], [advice, 'advice'], [skipped, 'not asked']] as const).filter(([count]) => count > 0)
  const tone = failed > 0 ? 'bad' : unknown > 0 ? 'warn' : passed + advice === 0 ? 'quiet' : 'good'
  return { tone, words: parts.map(([count, word]) => `${count} ${word}`).join(', ') }
}

/** Where a concern stands on the page. */
export function anchorOf(concern: Concern): string {
  return `concern-${concern}`
}
