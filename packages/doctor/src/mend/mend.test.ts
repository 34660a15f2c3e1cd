import { expect, test } from 'vitest'
import { subjectOf } from '../subject.ts'
import { mend } from './mend.ts'

const subject = (text: string) => subjectOf(text, { file: 'render.yaml', repository: undefined })

test('mends many things at once, and leaves alone what would bring something else', () => {
  const text = `services:
  - type: pserv
    name: api
    env: docker
    helthCheckPath: healthz # a slip that hides a second one
    plan: Starter
    envVars:
      - key: A
        value: true
      - key: A
        value: true
`
  const { text: after, mended, left } = mend(subject(text))
  expect(mended.map(({ rule }) => rule).toSorted()).toEqual(['boolean-value', 'deprecated-key', 'deprecated-value', 'duplicate-env-key'])
  expect(left.map(({ rule }) => rule)).toEqual(['unknown-key'])
  expect(after).toBe(`services:
  - type: pserv
    name: api
    runtime: docker
    helthCheckPath: healthz # a slip that hides a second one
    plan: starter
    envVars:
      - key: A
        value: 'true'
`)
})

test('two remedies that want one place are used one after the other', () => {
  const { text } = mend(subject('previewsEnabled: true\nservices: [{ type: worker, name: w, env: docker, numInstances: "2", scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 50 } }]\n'))
  expect(text).toBe('previews: { generation: automatic }\nservices: [{ type: worker, name: w, runtime: docker, scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 50 } }]\n')
})

test('is done with a file of thousands of faults in the time of a few looks at it', () => {
  const entries = Array.from({ length: 2000 }, (_, n) => `      - { key: A${n}, value: true }\n`).join('')
  const { mended, left } = mend(subject(`services:\n  - type: worker\n    name: w\n    env: docker\n    envVars:\n${entries}`))
  expect([mended.length, left.length]).toEqual([2001, 0])
}, 20_000)
