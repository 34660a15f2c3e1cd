import { expect, test } from 'vitest'
import { readConnections, readStat } from './read-stat.ts'

test('backends are read by the names of the columns, wherever these stand', () => {
  const csv = '# svname,pxname,stot,scur,\nBACKEND,lane0,12,3,\ni0,lane0,12,3,\nBACKEND,edge,7,0,\nFRONTEND,entries,20,4,\n\n'
  expect(readStat(csv)).toEqual(new Map([['lane0', { current: 3, total: 12 }], ['edge', { current: 0, total: 7 }]]))
})

test('an answer without these columns tells of no backend', () => {
  expect(readStat('')).toEqual(new Map())
  expect(readStat('Unknown command.\n')).toEqual(new Map())
})

test('connections to instances are summed for each backend, with those that wait for another request', () => {
  const head = '# bkname/svname bkid/svid addr port - purge_delay used_cur used_max need_est unsafe_nb safe_nb idle_lim idle_cur idle_per_thr[1]'
  const text = `${head}\nedge/edge 3/1 - 0 - 5000 0 0 0 0 0 -1 0 0\nlane0/i0 4/1 127.0.0.1 36063 - 1000 23 64 64 0 7 -1 7 7\nlane0/i1 4/2 127.0.0.1 36064 - 1000 1 1 1 0 0 -1 2 2\n\n`
  expect(readConnections(text)).toEqual(new Map([['edge', 0], ['lane0', 33]]))
  expect(readConnections('Unknown command.\n')).toEqual(new Map())
})
