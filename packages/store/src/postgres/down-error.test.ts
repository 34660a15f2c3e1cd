import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { downError } from './down-error.ts'

const ground = { root: tmpdir(), log: '/srv/log' }
const failure = { message: 'It did not start', log: ['last words'] }

test('says DISK_FULL when the disk has less than was needed, and what to type', async () => {
  const error = await downError(ground, { ...failure, neededBytes: Number.MAX_SAFE_INTEGER })
  expect(error).toMatchObject({ code: 'DISK_FULL', hint: `Free some space: df -h ${ground.root}`, details: { log: ['last words'] } })
})

test('says DATABASE_DOWN with the last words otherwise', async () => {
  expect(await downError(ground, { ...failure, neededBytes: 0 })).toMatchObject({ code: 'DATABASE_DOWN', message: 'It did not start', details: { log: ['last words'] } })
})
