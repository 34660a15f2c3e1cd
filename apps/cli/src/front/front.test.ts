import { appViewSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { caddyFile } from './caddy-file.ts'
import { frontSites } from './front-site.ts'
import { nginxFile } from './nginx-file.ts'

const app = appViewSchema.parse({
  name: 'shop', root: '/shop', createdAt: '2026-01-10T12:00:00.000Z', live: null, previous: [], underWay: null,
  services: [{ service: 'web', kind: 'web', namedUrl: 'http://web.shop.localhost:4080', domains: ['shop.example.com', 'www.shop.example.com'], instances: [] }, { service: 'api', kind: 'web', instances: [] }],
})
const sites = frontSites([app])

test('only services with a domain of their own have a front', () => {
  expect(sites).toEqual([{ app: 'shop', service: 'web', domains: ['shop.example.com', 'www.shop.example.com'], edge: '127.0.0.1:4080' }])
})

test('a Caddyfile sends every domain to the edge, and asks again while that is away', () => {
  expect(caddyFile({ sites, internalTls: false })).toContain(`# shop/web
shop.example.com, www.shop.example.com {
	reverse_proxy 127.0.0.1:4080 {
		lb_try_duration 5s
		lb_try_interval 50ms
	}
}
`)
  expect(caddyFile({ sites, internalTls: true })).toContain('{\n\ttls internal\n')
})

test('nginx replaces what clients say about themselves, and holds nothing back', () => {
  const text = nginxFile({ sites, internalTls: false })
  expect(text).toContain('server_name shop.example.com www.shop.example.com;')
  expect(text).toContain('proxy_set_header X-Forwarded-For $remote_addr;')
  expect(text).toContain('proxy_buffering off;')
})
