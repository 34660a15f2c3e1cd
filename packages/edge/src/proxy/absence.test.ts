import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Absence } from './absence.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A request that is refused again and again until the absence is over. */
function refused(absence: Absence, told: string[], name: string): { isOpen: () => boolean; tryAgain: () => void } {
  const request = {
    isOpen: () => !name.startsWith('gone'),
    tryAgain: () => void told.push(absence.wait(request) ? `${name} tries` : `${name} gives up`),
  }
  return request
}

describe('an absence', () => {
  it('lets one request try at a time, each in its turn', () => {
    const [absence, told] = [new Absence(1_000), [] as string[]]
    for (const name of ['a', 'gone', 'b']) expect(absence.wait(refused(absence, told, name))).toBe(true)
    vi.advanceTimersByTime(150)
    expect(told).toEqual(['a tries', 'b tries', 'a tries'])
    absence.over()
  })

  it('lets all try when an instance is back, and none after that', () => {
    const [absence, told] = [new Absence(1_000), [] as string[]]
    for (const name of ['a', 'b']) absence.wait({ isOpen: () => true, tryAgain: () => void told.push(name) })
    absence.over()
    vi.advanceTimersByTime(5_000)
    expect(told).toEqual(['a', 'b'])
  })

  it('that lasts too long sends away who waits, and who comes, at once', () => {
    const [absence, told] = [new Absence(1_000), [] as string[]]
    absence.wait(refused(absence, told, 'a'))
    vi.advanceTimersByTime(990)
    expect(told).not.toContain('a gives up')
    vi.advanceTimersByTime(10)
    expect(told.at(-1)).toBe('a gives up')
    expect(absence.wait(refused(absence, told, 'late'))).toBe(false)
    absence.over()
    expect(absence.wait(refused(absence, told, 'next'))).toBe(true)
    absence.over()
  })

  it('has room for so many, and nobody waits where none may', () => {
    const absence = new Absence(1_000)
    const request = (): { isOpen: () => boolean; tryAgain: () => void } => ({ isOpen: () => true, tryAgain: () => undefined })
    const taken = Array.from({ length: 2_001 }, () => absence.wait(request())).filter(Boolean)
    expect(taken).toHaveLength(2_000)
    absence.over()
    expect(new Absence(0).wait(request())).toBe(false)
  })
})
