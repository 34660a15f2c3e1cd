import { homedir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'

describe('the console finds the API', () => {
  test('by what it wrote below its home', () => {
    expect(readConfig({ PLIMSOLL_HOME: '/srv/plimsoll', PLIMSOLL_API_URL: '' })).toEqual({ is: 'home', home: '/srv/plimsoll', url: undefined })
    expect(readConfig({ XDG_STATE_HOME: '/state' })).toMatchObject({ home: '/state/plimsoll' })
    expect(readConfig({})).toMatchObject({ home: `${homedir()}/.local/state/plimsoll` })
  })

  test('at a given address, with the token of its home or with a given one', () => {
    expect(readConfig({ PLIMSOLL_HOME: '/srv/plimsoll', PLIMSOLL_API_URL: 'http://127.0.0.1:7717' })).toEqual({ is: 'home', home: '/srv/plimsoll', url: 'http://127.0.0.1:7717' })
    expect(readConfig({ PLIMSOLL_API_URL: 'http://127.0.0.1:7717', PLIMSOLL_API_TOKEN: 't' })).toEqual({ is: 'address', url: 'http://127.0.0.1:7717', token: 't' })
    expect(readConfig({ PLIMSOLL_API_HOSTPORT: 'api-x1:10000', PLIMSOLL_API_TOKEN: 't' })).toEqual({ is: 'address', url: 'http://api-x1:10000', token: 't' })
  })

  test('or names all that is wrong at once', () => {
    expect(() => readConfig({ PLIMSOLL_API_URL: 'nowhere' })).toThrow(/PLIMSOLL_API_URL/)
    expect(() => readConfig({ PLIMSOLL_API_TOKEN: 't' })).toThrow('PLIMSOLL_API_URL: must be set where PLIMSOLL_API_TOKEN is')
  })
})
