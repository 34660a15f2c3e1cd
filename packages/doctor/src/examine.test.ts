import { expect, test } from 'vitest'
import { subjectIn } from '../test/rule-test.ts'
import { monorepo } from '../test/samples.ts'
import { examine } from './examine.ts'
import { mend } from './mend/mend.ts'

const blueprint = `# the shop
services:
  - type: web
    name: web
    env: node # as ever
    buildCommand: pnpm install --frozen-lockfile && pnpm turbo run build --filter=@shop/web...
    startCommand: node apps/web/.next/standalone/server.js
    healthCheckPath: /
    envVars:
      # where the API is
      - key: API_URL
        fromService: { type: pserv, name: api, property: hostport }

  - type: pserv
    name: api
    runtime: node
    buildCommand: corepack enable && pnpm install && pnpm --filter @shop/api build
    startCommand: node apps/api/dist/main.js
    buildFilter:
      paths:
        - apps/api/**
`
const files = { ...monorepo, 'apps/api/src/app.ts': "app.listen({ port: 1 })\n", 'apps/web/next.config.ts': "export default { output: 'standalone', deploymentId: 'v1' }\n" }

test('findings come in the order of the files, the Blueprint before all others', async () => {
  expect(examine(await subjectIn({ blueprint, files })).map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual([
    'render.yaml:3 build-filter-absent',
    'render.yaml:5 deprecated-key',
    'render.yaml:7 next-hostname',
    'render.yaml:7 next-standalone-assets',
    'render.yaml:7 next-standalone-nested',
    'render.yaml:12 host-no-scheme',
    'render.yaml:17 corepack-enable',
    'render.yaml:17 filter-without-dependencies',
    'render.yaml:20 build-filter-shared',
    'apps/api/src/app.ts:1 bind-host',
    'apps/web/next.config.ts:1 next-deployment-id',
  ])
})

test('a whole repository is mended in one go, and what is left is for people', async () => {
  const { text, left } = mend(await subjectIn({ blueprint, files }))
  expect(left.map(({ rule }) => rule)).toEqual(['next-standalone-assets', 'host-no-scheme', 'bind-host', 'next-deployment-id'])
  expect(text).toBe(`# the shop
services:
  - type: web
    name: web
    runtime: node # as ever
    buildCommand: pnpm install --frozen-lockfile && pnpm turbo run build --filter=@shop/web...
    startCommand: node apps/web/.next/standalone/apps/web/server.js
    healthCheckPath: /
    envVars:
      # where the API is
      - key: API_URL
        fromService: { type: pserv, name: api, property: hostport }
      - key: HOSTNAME
        value: 0.0.0.0
    buildFilter:
      paths:
        - apps/web/**
        - packages/ui/**
        - package.json
        - pnpm-lock.yaml
        - pnpm-workspace.yaml
        - turbo.json

  - type: pserv
    name: api
    runtime: node
    buildCommand: pnpm install && pnpm --filter @shop/api... build
    startCommand: node apps/api/dist/main.js
    buildFilter:
      paths:
        - apps/api/**
        - packages/db/**
        - packages/log/**
        - pnpm-lock.yaml
`)
})
