import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startFakeRender, type FakeRender } from '@plimsoll/drivers/fake-render'
import { manualClock } from '@plimsoll/engine/fakes'
import { contract, isPlimsollError, type Release, type Verdict } from '@plimsoll/model'
import { readSource } from '@plimsoll/repository'
import type { Store } from '@plimsoll/store'
import { renderOffer } from '../src/places/render-offer.ts'
import { startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

export const params = { app: 'shop' }
const git = promisify(execFile)

export interface Ended {
  readonly release: Release
  /** `SERVICE: TEXT` */
  readonly lines: readonly string[]
}

/** An app of two services and a database, in a repository of its own, and a Render on which it is released. */
export interface ShopOnRender {
  readonly api: ApiUnderTest
  readonly render: FakeRender
  /** What the public check says. */
  verdict: Verdict['is']
  /** Commits the app in a colour, and gives the commit. */
  commit(colour: string): Promise<string>
  body(): { readonly source: { readonly root: string; readonly blueprint: string }; readonly on: 'render'; readonly skipVerify: string }
  release(): Promise<Ended>
  goBack(to?: number): Promise<Ended>
  /** The commit that serves, and whether a push is deployed. */
  stand(name: string): unknown
  close(): Promise<void>
}

export async function startShopOnRender(store: Store): Promise<ShopOnRender> {
  const clock = manualClock({ auto: true, startsAt: Date.now() })
  const render = await startFakeRender({ clock })
  const api = await startApiUnderTest(store, {
    clock, readSource,
    alsoAt: ({ store: own, secrets }) => renderOffer({ store: own, secrets, clock, config: { render: { apiKey: render.key, base: render.base, workspace: undefined } } }),
    publicChecks: [{ id: 'public.answers', ask: async ({ url, spec }) => [{ check: 'public.answers', service: spec.service, is: shop.verdict, finding: `${url} was asked`, tookMs: 1 }] }],
  })
  const inRoot = async (...args: string[]): Promise<string> => (await git('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@shop.test', ...args], { cwd: api.root })).stdout.trim()
  await inRoot('init', '-q', '-b', 'main')
  // What this world's Plimsoll keeps lies beside the app here, and is no part of it.
  await writeFile(join(api.root, '.git/info/exclude'), 'verifications\n')
  await inRoot('remote', 'add', 'origin', 'git@github.com:ada/shop.git')
  const body: ShopOnRender['body'] = () => ({ source: { root: api.root, blueprint: 'render.yaml' }, on: 'render', skipVerify: 'a test' })
  const shop: ShopOnRender = {
    api, render, verdict: 'pass', body,
    async commit(colour) {
      await api.write(blueprint(colour))
      await inRoot('add', '-A')
      await inRoot('commit', '-q', '-m', colour)
      return inRoot('rev-parse', 'HEAD')
    },
    release: async () => ended(api, await api.client.call(contract.startRelease, { params, body: body() })),
    goBack: async (to) => ended(api, await api.client.call(contract.rollBack, { params, body: to === undefined ? {} : { to } })),
    stand(name) {
      const { deploys, record } = render.service(name)
      return { live: deploys.findLast(({ status }) => status === 'live')?.commit, autoDeploy: record['autoDeploy'] }
    },
    async close() {
      await api.close()
      await render.close()
    },
  }
  return shop
}

async function ended({ client }: ApiUnderTest, { number }: Release): Promise<Ended> {
  const lines: string[] = []
  for await (const event of client.stream(contract.watchRelease, { params: { ...params, release: number } })) {
    if (event.event === 'line') lines.push(`${event.data.service}: ${event.data.text}`)
  }
  return { release: (await client.call(contract.showRelease, { params: { ...params, release: number } })).release, lines }
}

export async function codeOf(asked: Promise<unknown>): Promise<string> {
  const error: unknown = await asked.then(() => 'no error', (thrown: unknown) => thrown)
  return isPlimsollError(error) ? error.code : String(error)
}

const blueprint = (colour: string): string => `services:
  - type: web
    name: web
    runtime: node
    buildCommand: npm run build
    startCommand: node web.js
    envVars:
      - key: COLOUR
        value: ${colour}
      - key: SESSION_SECRET
        generateValue: true
      - key: STRIPE_KEY
        sync: false
      - key: API_HOST
        fromService: { type: web, name: api, property: host }
      - fromGroup: both
  - type: web
    name: api
    runtime: node
    buildCommand: npm run build
    startCommand: node api.js
    envVars:
      - key: DATABASE_URL
        fromDatabase: { name: db, property: connectionString }
databases:
  - name: db
envVarGroups:
  - name: both
    envVars:
      - key: LEVEL
        value: info
`
