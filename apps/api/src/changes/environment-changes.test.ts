import { generateKeyPairSync } from 'node:crypto'
import { appNameSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { environmentChanges } from './environment-changes.ts'
import { valueMarks } from './value-marks.ts'

const newKey = () => generateKeyPairSync('ed25519').privateKey
const installation = newKey()
const marks = valueMarks(installation)
const app = appNameSchema.parse('shop')

type Given = Record<string, readonly [value: string, origin: string]>
const noted = (variables: Given, by = marks) => ({ key: by.key, environments: { web: Object.fromEntries(Object.entries(variables).map(([key, [value, origin]]) => [key, { origin, mark: by.markOf({ app, service: 'web', key }, value) }])) } })
const changes = (before: Given, after: Given) => {
  const told = environmentChanges(noted(before), noted(after))
  return told.is === 'known' ? told.variables.map(({ key, is, origin, was }) => [key, is, origin, ...(was === undefined ? [] : [was])]) : told.why
}

test('variables that come, go, change and come from elsewhere are told by name and origin', () => {
  expect(changes(
    { SAME: ['1', 'value'], GONE: ['1', 'value'], KEY: ['old', 'plimsoll env set'], MOVED: ['1', 'value'], BOTH: ['1', 'value'] },
    { SAME: ['1', 'value'], NEW: ['1', 'group "web-env"'], KEY: ['new', 'plimsoll env set'], MOVED: ['1', 'group "web-env"'], BOTH: ['2', 'generated'] },
  )).toEqual([['BOTH', 'changed', 'generated', 'value'], ['GONE', 'removed', 'value'], ['KEY', 'changed', 'plimsoll env set'], ['MOVED', 'moved', 'group "web-env"', 'value'], ['NEW', 'added', 'group "web-env"']])
})

test('a service that is new brings its variables, and one that goes takes them along', () => {
  const empty = { key: marks.key, environments: {} }
  expect(environmentChanges(empty, noted({ A: ['1', 'value'] }))).toMatchObject({ variables: [{ service: 'web', key: 'A', is: 'added' }] })
  expect(environmentChanges(noted({ A: ['1', 'value'] }), empty)).toMatchObject({ variables: [{ service: 'web', key: 'A', is: 'removed' }] })
})

test('under another key nothing is called changed', () => {
  expect(environmentChanges(noted({ A: ['1', 'value'] }, valueMarks(newKey())), noted({ A: ['1', 'value'] }))).toMatchObject({ is: 'not known' })
})

test('a mark is the same for the same value after a restart, and differs by variable, service, app and key', () => {
  const of = (made: ReturnType<typeof valueMarks>, where: Partial<{ app: string; service: string; key: string }> = {}) => made.markOf({ app, service: 'web', key: 'PIN', ...where } as Parameters<typeof marks.markOf>[0], '1234')
  expect(of(valueMarks(installation))).toBe(of(marks))
  expect(new Set([of(marks), of(marks, { key: 'PIN2' }), of(marks, { service: 'api' }), of(marks, { app: 'blog' }), of(valueMarks(newKey()))]).size).toBe(5)
})
