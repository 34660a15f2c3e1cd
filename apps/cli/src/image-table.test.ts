import { digestSchema, serviceNameSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { imageTable } from './image-table.ts'

test('images stand in columns, with what was found told from what was built, and what was pushed named as others have it', () => {
  const image = (service: string, more: object) => ({ service: serviceNameSchema.parse(service), digest: digestSchema.parse(`sha256:${'a'.repeat(64)}`), sizeBytes: 135_900_000, fresh: true, buildMs: 7_400, ...more })
  const pushed = `ghcr.io/acme/help@sha256:${'b'.repeat(64)}`
  const text = imageTable([image('api', {}), image('help', { sizeBytes: 6_820, fresh: false, image: pushed })], (_, words) => words)
  expect(text).toBe(`✓ api   135.9 MB  7.4 s  sha256:${'a'.repeat(64)}\n✓ help      7 kB  found  ${pushed}\n`)
})
