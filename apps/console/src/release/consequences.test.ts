import { describe, expect, test } from 'vitest'
import { after, checksFailed, journalOf, release } from '../../test/storefront.ts'
import { canBeStopped, consequencesOfStopping } from './consequences.ts'
import { timelineOf } from './timeline.ts'

const running = release(14)
const at = (done: number, step: string) => {
  const journal = journalOf(running, { done })
  return timelineOf(running, [...journal, { is: 'started', step, at: after(journal) }])
}

describe('before a release is stopped, the screen says', () => {
  test('what ends, and who keeps serving', () => {
    expect(consequencesOfStopping(at(2, 'build'), 13)).toEqual([
      '“Build what changed” ends at once. What was done so far is taken back, last step first.',
      'Release 13 serves everyone now and keeps serving.',
    ])
  })

  test('that the database stays as it is', () => {
    expect(consequencesOfStopping(at(5, 'migrate'), 13).at(-1)).toBe('What pre-deploy commands did to a database stays done.')
  })

  test('that traffic goes back, once it has moved', () => {
    expect(consequencesOfStopping(at(9, 'hand-over-workers'), 13)).toContain('All traffic goes back to release 13 in one instant.')
  })

  test('that nothing will be live when it is the first release', () => {
    expect(consequencesOfStopping(at(2, 'build'), null)).toContain('Nothing was live before, so nothing will be live afterwards.')
  })
})

describe('a release', () => {
  test('can be stopped until the point of no return', () => {
    expect(canBeStopped(at(2, 'build'))).toBe(true)
    expect(canBeStopped(at(10, 'retire-previous'))).toBe(false)
  })

  test('cannot be stopped when it goes back already', () => {
    const journal = journalOf(running, { done: 2 })
    expect(canBeStopped(timelineOf(running, [...journal, { is: 'failed', step: 'build', at: after(journal), problem: checksFailed }]))).toBe(false)
  })
})
