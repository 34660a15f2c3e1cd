import { expect, test } from 'vitest'
import { pushPrefixSchema, readImageReference } from './image-reference.ts'

const digest = `sha256:${'a'.repeat(64)}`

test.each([
  ['nginx', { name: 'nginx', registry: 'docker.io', tag: undefined, digest: undefined }],
  ['acme/web:1.2', { name: 'acme/web', registry: 'docker.io', tag: '1.2', digest: undefined }],
  ['localhost/web', { name: 'localhost/web', registry: 'localhost', tag: undefined, digest: undefined }],
  ['ghcr.io/acme/shop__api:v1', { name: 'ghcr.io/acme/shop__api', registry: 'ghcr.io', tag: 'v1', digest: undefined }],
  ['127.0.0.1:5000/web', { name: '127.0.0.1:5000/web', registry: '127.0.0.1:5000', tag: undefined, digest: undefined }],
  ['[::1]:5000/web:1', { name: '[::1]:5000/web', registry: '[::1]:5000', tag: '1', digest: undefined }],
  [`ghcr.io/acme/web:1.2@${digest}`, { name: 'ghcr.io/acme/web', registry: 'ghcr.io', tag: '1.2', digest }],
])('%s is read as Docker reads it', (text, reference) => {
  expect(readImageReference(text)).toEqual(reference)
})

test.each(['', 'Web', 'web:', 'web@sha256:abc', `web@sha512:${'a'.repeat(128)}`, 'https://ghcr.io/web', 'ghcr.io//web', 'web web', '../web', 'web:1:2', '-web', 'a'.repeat(256)])('%j names no image', (text) => {
  expect(readImageReference(text)).toBeUndefined()
})

test('images are pushed below a registry, or a part of one, and not to an image', () => {
  const takes = (text: string) => pushPrefixSchema.safeParse(text).success
  expect(['ghcr.io/acme/shop', '127.0.0.1:5000', 'acme'].map(takes)).toEqual([true, true, true])
  expect(['', 'https://ghcr.io/acme', 'ghcr.io/acme/', 'ghcr.io/acme:1', `ghcr.io/acme@${digest}`, 'Acme Inc'].map(takes)).toEqual([false, false, false, false, false, false])
})
