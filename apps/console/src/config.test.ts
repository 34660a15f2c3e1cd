import { homedir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'

describe('the console finds the API', () => {
  test('by what it wrote below its home', () => {
    expect(readConfig({ PLIMSOLL_HOME: '/srv/plimsoll', PLIMSOLL_API_URL: '' })).toEqual({ home: '/srv/plimsoll', apiUrl: undefined, consoleUrl: undefined })
    expect(readConfig({ XDG_STATE_HOME: '/state' })).toMatchObject({ home: '/state/plimsoll' })
    expect(readConfig({})).toMatchObject({ home: `${homedir()}/.local/state/plimsoll` })
  })

  test('at a given address', () => {
    expect(readConfig({ PLIMSOLL_API_URL: 'http://127.0.0.1:7717' })).toMatchObject({ apiUrl: 'http://127.0.0.1:7717' })
    expect(readConfig({ PLIMSOLL_API_HOSTPORT: 'api-x1:10000' })).toMatchObject({ apiUrl: 'http://api-x1:10000' })
  })

  test('or names all that is wrong at once', () => {
    expect(() => readConfig({ PLIMSOLL_API_URL: 'nowhere', PLIMSOLL_CONSOLE_URL: 'ftp://x' })).toThrow(/PLIMSOLL_API_URL.*PLIMSOLL_CONSOLE_URL/)
  })
})
