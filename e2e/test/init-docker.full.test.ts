import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { engineAddress, openDockerEngine } from '@plimsoll/drivers/docker'
import { findBuildClient, postgresImage, standInImage, whyNoDocker } from '@plimsoll/drivers/stand-in'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { runCompose, type RunningCompose } from '../src/docker/run-compose.ts'
import { createRepoOf, createStorefrontRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'
import { lockDependencies, turboMonorepo } from '../src/plimsoll/small-monorepo.ts'

const missing = await whyNoDocker(process.env)
const never = new AbortController().signal

/** Everything that Plimsoll or a container engine is told of the storefront. */
const told = ['render.yaml', 'render.docker.yaml', 'plimsoll.config.ts', 'compose.yaml', 'compose.dev.yaml', '.dockerignore', 'docker', 'apps/api/Dockerfile', 'apps/help/Dockerfile', 'apps/web/Dockerfile', 'apps/worker/Dockerfile', 'apps/worker/expire-carts.Dockerfile']

describe.skipIf(missing !== undefined)(`what plimsoll init --docker --compose writes${missing === undefined ? '' : ` (${missing})`}`, () => {
  let plimsoll: PlimsollHome
  beforeEach(async () => {
    plimsoll = await createPlimsollHome()
  })
  afterEach(async () => {
    expect(await plimsoll.leave()).toEqual([])
  })

  /** Written, checked, built and run as it is. */
  async function upFrom({ directory }: FixtureRepo): Promise<RunningCompose> {
    const init = await plimsoll.run(['init', '--yes', '--docker', '--compose'], { cwd: directory })
    expect(init, init.err).toMatchObject({ code: 0 })
    expect(await plimsoll.run(['check'], { cwd: directory })).toMatchObject({ code: 0 })
    const address = engineAddress(process.env)
    const engine = openDockerEngine(address)
    const compose = await runCompose({
      directory, project: `plimsoll-init-${randomBytes(4).toString('hex')}`, client: await findBuildClient(process.env, address, never),
      images: { 'postgres:18-bookworm': (await postgresImage(engine, never)).name },
      args: { NODE_BASE: (await standInImage(engine, 'slim', never)).name, RUNTIME_BASE: (await standInImage(engine, 'minimal', never)).name },
    })
    onTestFinished(() => compose.remove())
    return compose
  }

  const textAt = async (url: string): Promise<string> => {
    const answer = await fetch(url, { signal: AbortSignal.timeout(20_000) })
    expect(answer.status, url).toBe(200)
    return answer.text()
  }

  test('builds and runs the storefront: pages, API, worker and a database that is brought up to date first', { timeout: 1_500_000 }, async () => {
    const repo = await createStorefrontRepo(`${plimsoll.home}/repos/storefront`)
    for (const path of told) await rm(join(repo.directory, path), { recursive: true })
    await repo.git('commit', '-q', '-a', '-m', 'Nothing says how it runs')
    const { urls } = await upFrom(repo)
    await textAt(`${urls['api']}/healthz`)
    // What a page shows came from the API, and that has it from the database.
    const { products: [product] } = JSON.parse(await textAt(`${urls['api']}/v1/products`)) as { readonly products: readonly { readonly slug: string }[] }
    expect(product?.slug).toMatch(/^[a-z]/)
    expect(await textAt(`${urls['web']}/`)).toContain(`/products/${product?.slug}`)
  })

  test('builds and runs what create-turbo lays out', { timeout: 1_500_000 }, async () => {
    const repo = await createRepoOf(`${plimsoll.home}/repos/small-shop`, turboMonorepo())
    await lockDependencies(repo.directory, ['npx', '--yes', 'pnpm@12.21.0', 'install', '--lockfile-only'])
    await repo.git('add', '-A')
    await repo.git('commit', '-q', '-m', 'A lockfile')
    const { urls } = await upFrom(repo)
    expect(await textAt(`${urls['api']}/healthz`)).toBe('{"ok":true}')
    expect(await textAt(`${urls['web']}/`)).toContain('4.50 €')
  })
})
