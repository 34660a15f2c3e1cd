import { packageManifestSchema } from '@plimsoll/repository'
import type { FoundService } from '@plimsoll/repository/apps'
import { expect, test } from 'vitest'
import { addressOf } from './address-of.ts'

function found(name: string, kind: FoundService['kind'], usualPort?: number): FoundService {
  return {
    name, kind, usualPort, from: '', package: { directory: `apps/${name}`, name, manifest: packageManifestSchema.parse({}) }, dependsOn: [], start: undefined, afterBuild: undefined, publishPath: undefined,
    healthPath: undefined, portVariable: undefined, hostVariable: undefined, serverActions: undefined, variables: [], database: undefined, keyValue: undefined, migration: undefined, faults: [],
  }
}

const web = found('web', 'next', 3000)
const admin = found('admin', 'next', 3001)
const orders = found('orders-api', 'fastify', 4000)
const worker = found('worker', 'worker')

/** `service as form`, for a variable of `reader` in a repository of these services. */
function leads(key: string, reader: FoundService, { services = [web, orders, worker], instead }: { readonly services?: readonly FoundService[]; readonly instead?: string } = {}): string | undefined {
  const address = addressOf({ services }, reader, { key, instead })
  return address === undefined ? undefined : `${address.service.name} ${address.as}`
}

test.each([
  ['ORDERS_API_URL', web, 'orders-api url'],
  ['NEXT_PUBLIC_API_URL', web, 'orders-api url'],
  ['INTERNAL_API_BASE_URL', web, 'orders-api url'],
  ['BACKEND_HOSTPORT', web, 'orders-api hostport'],
  ['API_HOST', web, 'orders-api host'],
  ['API_PORT', worker, 'orders-api port'],
  ['WEB_ORIGIN', orders, 'web url'],
  ['CORS_ORIGIN', orders, 'web url'],
  ['FRONTEND_URL', orders, 'web url'],
  ['NEXT_PUBLIC_SITE_URL', web, 'web url'],
  ['NEXTAUTH_URL', web, 'web url'],
  ['APP_DOMAIN', orders, 'web hostname'],
  ['BASE_URL', orders, 'orders-api url'],
] as const)('%s of %o leads to %s', (key, reader, expected) => {
  expect(leads(key, reader)).toBe(expected)
})

test.each(['STRIPE_API_URL', 'S3_ENDPOINT', 'SMTP_HOST', 'HELP_URL', 'API_TOKEN', 'HOST'])('%s leads to nobody here', (key) => {
  expect(leads(key, orders)).toBeUndefined()
})

test('between two of a kind nobody is chosen by role, but by name or by the port that the program takes without', () => {
  expect(leads('FRONTEND_URL', orders, { services: [web, admin, orders] })).toBeUndefined()
  expect(leads('ADMIN_URL', orders, { services: [web, admin, orders] })).toBe('admin url')
  expect(leads('FRONTEND_URL', orders, { services: [web, admin, orders], instead: 'http://localhost:3001' })).toBe('admin url')
  expect(leads('FRONTEND_URL', orders, { services: [found('shop', 'next', 3001), admin, orders], instead: 'http://localhost:3001' })).toBeUndefined()
})

test('a site has no address on the private network', () => {
  const site = found('docs', 'site')
  expect(leads('DOCS_URL', orders, { services: [site, orders] })).toBe('docs url')
  expect(leads('DOCS_HOSTPORT', orders, { services: [site, orders] })).toBeUndefined()
})
