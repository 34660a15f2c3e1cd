import { PlimsollError } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { repeatedly } from './patiently.ts'

/** Waits for a server that is starting, and not at all for one that is not there. */
const patience = { everyMs: 1, absentMs: 0, startingMs: 30_000 }

function down(code: string): PlimsollError {
  return new PlimsollError('DATABASE_DOWN', `The database does not answer (${code})`, { cause: Object.assign(new Error(code), { code }) })
}

/** A server that fails with each of these in turn, and then answers. */
function server(...failures: readonly Error[]) {
  const left = [...failures]
  return async (): Promise<string> => {
    const failure = left.shift()
    if (failure !== undefined) throw failure
    return 'connected'
  }
}

test('a server that says it is starting is waited for, longer than one that does not answer', async () => {
  expect(await repeatedly(server(down('57P03'), down('57P03'), down('57P03')), patience)).toBe('connected')
  await expect(repeatedly(server(down('ECONNREFUSED')), patience)).rejects.toThrow('ECONNREFUSED')
})

test('a server that does not answer is asked again for its own time', async () => {
  expect(await repeatedly(server(down('ECONNREFUSED')), { ...patience, absentMs: 30_000 })).toBe('connected')
})

test('what is no loss of the database is thrown at once', async () => {
  const wrong = new PlimsollError('USAGE', 'a wrong statement')
  await expect(repeatedly(server(wrong), { everyMs: 1, absentMs: 30_000, startingMs: 30_000 })).rejects.toBe(wrong)
})

test('the wait ends when nobody wants the connection any more', async () => {
  const stop = new AbortController()
  const asked = repeatedly(async () => { stop.abort(); throw down('57P03') }, patience, stop.signal)
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
})
