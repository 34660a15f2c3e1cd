import { readImageReference, type ErrorCode } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { kindOf, registryFailure } from './registry-failure.ts'

const reference = readImageReference('ghcr.io/acme/web:1.2')
if (reference === undefined) throw new Error('no reference')
const asked = { reference, to: 'pull ghcr.io/acme/web:1.2 for web', told: 'with the credentials in /root/.docker/config.json' }

// As Docker Engine 20.10 says it; the engine has no code for any of them but the status, which it gives only before it has begun.
test.each<[said: string, status: number | undefined, code: ErrorCode]>([
  ['unauthorized: authentication required', 401, 'REGISTRY_REFUSED'],
  ['denied: no', 403, 'REGISTRY_REFUSED'],
  ['Head "http://127.0.0.1:5802/v2/shop/web/manifests/1": no basic auth credentials', 500, 'REGISTRY_REFUSED'],
  ["pull access denied for acme/web, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", 404, 'REGISTRY_REFUSED'],
  ['no basic auth credentials', undefined, 'REGISTRY_REFUSED'],
  ['manifest unknown: manifest unknown', 404, 'IMAGE_MISSING'],
  ['manifest for ghcr.io/acme/web:1.2 not found: manifest unknown: manifest unknown', undefined, 'IMAGE_MISSING'],
  ['no matching manifest for linux/amd64 in the manifest list entries', undefined, 'PLACE_CANNOT'],
  ['Get "http://127.0.0.1:5899/v2/": dial tcp 127.0.0.1:5899: connect: connection refused', 500, 'REGISTRY_DOWN'],
  ['received unexpected HTTP status: 503 Service Unavailable', 500, 'REGISTRY_DOWN'],
  ['unexpected EOF', undefined, 'REGISTRY_DOWN'],
  ['Get "https://ghcr.io/v2/": x509: certificate signed by unknown authority', 500, 'REGISTRY_DOWN'],
  ['write /var/lib/docker/tmp/GetImageBlob1: no space left on device', undefined, 'DISK_FULL'],
])('%s (%s) is %s', (said, status, code) => {
  const failure = registryFailure({ ...asked, said, ...(status !== undefined && { status }) })
  expect(failure).toMatchObject({ code, hint: expect.any(String) })
  if (code !== 'DISK_FULL') expect(failure.message).toContain(said)
})

test('only what was not reached, or broke off, is worth another try', () => {
  expect(kindOf({ said: 'unexpected EOF' })).toBe('down')
  for (const said of ['x509: certificate has expired', 'manifest unknown', 'denied', 'no matching manifest for linux/arm64']) expect(kindOf({ said }), said).not.toBe('down')
})

test('who was refused is told what it was shown, and what to type', () => {
  expect(registryFailure({ ...asked, said: 'denied', keep: 'plimsoll env set hub' })).toMatchObject({ message: expect.stringContaining('config.json'), hint: expect.stringMatching(/plimsoll env set hub\. .*docker login ghcr\.io$/) })
  const hub = readImageReference('acme/web')
  if (hub === undefined) throw new Error('no reference')
  expect(registryFailure({ ...asked, reference: hub, said: 'denied' }).hint).toMatch(/docker login$/)
})
