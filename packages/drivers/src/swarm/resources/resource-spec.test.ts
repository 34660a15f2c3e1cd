import { appNameSchema, ownerOfCopies } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { defaultLogging } from '../../container/logging.ts'
import { copyServerSpec, databaseSpec, type ResourceSpecRequest } from './resource-spec.ts'

const account = { role: 'shop', database: 'shop' }
const requestFor = (app: string, machine: string | undefined): ResourceSpecRequest => ({
  place: { home: '/nowhere', id: '0123456789abcdef' }, resource: { app: appNameSchema.parse(app), kind: 'database', name: 'records' }, image: `postgres@sha256:${'a'.repeat(64)}`,
  logging: defaultLogging, size: undefined, machine, secret: { id: 's1', name: 'plimsoll-database-0' },
})

test('a database has a volume of its name on the machine that was chosen, and is started again', () => {
  expect(databaseSpec(requestFor('shop', 'n1'), account)).toMatchObject({ TaskTemplate: {
    ContainerSpec: { Mounts: [{ Type: 'volume', Source: expect.stringMatching(/^shop-records-/) }, { Type: 'tmpfs' }] },
    Placement: { Constraints: ['node.id == n1'] }, RestartPolicy: { Condition: 'any' },
  } })
})

test('a server of copies leaves nothing on any machine: its volume has no name, and no second task finds it empty', () => {
  const spec = copyServerSpec(requestFor(ownerOfCopies('a1b2'), undefined), account)
  expect(spec).toMatchObject({ TaskTemplate: { ContainerSpec: { Args: expect.arrayContaining(['postgres', 'fsync=off']) }, RestartPolicy: { Condition: 'none' } } })
  expect(JSON.stringify(spec)).not.toMatch(/"Source"|"Placement"/)
})
