import { expect, test } from 'vitest'
import { clearLane, complaintsIn, cutLane, mapCommands, openLane } from './runtime-commands.ts'

const map = (entries: Record<string, string>): Map<string, string> => new Map(Object.entries(entries))

test('a map is changed by what differs and nothing else', () => {
  expect(mapCommands('m', map({ kept: '1', moved: '1', gone: '1' }), map({ kept: '1', moved: '2', come: '3' }))).toEqual(['set map m moved 2', 'add map m come 3', 'del map m gone'])
  expect(mapCommands('m', map({ kept: '1' }), map({ kept: '1' }))).toEqual([])
})

test('a lane is opened, cut and cleared by one server for each instance', () => {
  expect(openLane('lane3', [{ host: '127.0.0.1', port: 4001 }, { host: '::1', port: 4002 }])).toEqual([
    'add server lane3/i0 127.0.0.1:4001 pool-purge-delay 1s pool-max-conn -1', 'enable server lane3/i0',
    'add server lane3/i1 [::1]:4002 pool-purge-delay 1s pool-max-conn -1', 'enable server lane3/i1',
  ])
  expect(cutLane('lane3', 1)).toEqual(['set server lane3/i0 state maint', 'shutdown sessions server lane3/i0'])
  expect(clearLane('lane3', 1)).toEqual(['set server lane3/i0 state maint', 'del server lane3/i0'])
})

test('what HAProxy says beside that all went well is a complaint', () => {
  expect(complaintsIn('\nNew server registered.\n\n\nServer deleted.\n\n')).toEqual([])
  expect(complaintsIn('\nNew server registered.\n\nNo such server.\n')).toEqual(['No such server.'])
})
