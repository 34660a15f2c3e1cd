import { expect, test } from 'vitest'
import { readStat } from './read-stat.ts'

test('backends are read by the names of the columns, wherever these stand', () => {
  const csv = '# svname,pxname,stot,scur,\nBACKEND,lane0,12,3,\ni0,lane0,12,3,\nBACKEND,edge,7,0,\nFRONTEND,entries,20,4,\n\n'
  expect(readStat(csv)).toEqual(new Map([['lane0', { current: 3, total: 12 }], ['edge', { current: 0, total: 7 }]]))
})

test('an answer without these columns tells of no backend', () => {
  expect(readStat('')).toEqual(new Map())
  expect(readStat('Unknown command.\n')).toEqual(new Map())
})
