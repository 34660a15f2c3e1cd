import { readFile } from 'node:fs/promises'
import { engineAddress, openDockerEngine } from '@plimsoll/drivers/docker'
import { startRegistry, startRudeRegistry, tinyImage, tinyServer, whyNoDocker, whyNoRegistry, type RudeRegistry, type TestRegistry } from '@plimsoll/drivers/stand-in'
import { contract, imageSetSchema, type AppView, type ImageSet } from '@plimsoll/model'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { leftOnDocker, placeOf } from '../src/plimsoll/docker-left.ts'
import { createFixtureRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

const missing = (await whyNoDocker(process.env)) ?? whyNoRegistry(process.env)
const never = new AbortController().signal
const engine = openDockerEngine(engineAddress(process.env))

const blueprint = `services:
  - type: web
    name: web
    runtime: docker
    dockerfilePath: ./Dockerfile
    healthCheckPath: /
`

describe.skipIf(missing !== undefined)(`images of a registry${missing === undefined ? '' : ` (${missing})`}`, () => {
  let behind: TestRegistry
  let registry: RudeRegistry
  let plimsoll: PlimsollHome
  let repo: FixtureRepo
  let setFile: string

  beforeEach(async () => {
    behind = await startRegistry()
    registry = await startRudeRegistry(behind.host)
    plimsoll = await createPlimsollHome()
    setFile = `${plimsoll.home}/images.json`
    const dockerfile = `FROM ${(await tinyImage(engine, never)).name}\nCOPY release.txt /srv/index.html\n`
    repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint, files: { Dockerfile: dockerfile, 'release.txt': 'built' } })
  }, 60_000)
  afterEach(async () => {
    const instance = (await view()).services[0]?.instances[0]?.id
    const place = instance === undefined ? undefined : await placeOf(instance, never)
    await plimsoll.run(['down', '--destroy-data', '--json'], { cwd: repo.directory })
    const left = place === undefined ? [] : await leftOnDocker(place, never)
    expect([left, await plimsoll.leave()]).toEqual([[], []])
    await registry.close()
    await behind.close()
  }, 60_000)

  const run = (...args: readonly string[]): Promise<CommandEnd> => plimsoll.run([...args, '--json'], { cwd: repo.directory })
  async function command(...args: readonly string[]): Promise<CommandEnd> {
    const end = await run(...args)
    expect(end.code, `${end.out.slice(-3000)}${end.err}`).toBe(0)
    return end
  }
  const view = async (): Promise<AppView> => (await plimsoll.client()).call(contract.showApp, { params: { app: 'shop' } })
  const page = async (): Promise<string> => (await (await fetch((await view()).services[0]?.url ?? '')).text()).trim()
  const put = (content: string) => behind.put({ name: 'acme/web', tag: 'stable', files: tinyServer.files().map((each) => (each.path === 'srv/index.html' ? { ...each, content: Buffer.from(content) } : each)), config: { Env: ['PATH=/bin'], WorkingDir: '/srv', Cmd: ['/bin/sh', '-c', 'exec httpd -f -p $PORT -h /srv'] } })

  async function push(): Promise<ImageSet> {
    await command('build', '--oci', '--app', 'shop-ci', '--push', `${registry.host}/acme`, '--images', setFile)
    const set = imageSetSchema.parse(JSON.parse(await readFile(setFile, 'utf8')))
    // As on a machine that has built nothing of it.
    const { body } = await engine.call({ path: '/images/json', query: { filters: { reference: ['plimsoll/shop-ci-web'] } }, to: 'list what was built' }, never)
    for (const { Id } of JSON.parse(body) as { readonly Id: string }[]) await engine.call({ method: 'DELETE', path: `/images/${Id}`, query: { force: true }, to: 'forget what was built', also: [404] }, never)
    return set
  }

  test('what CI has built and pushed is released by its digest, a tag is what it was at its release, and going back needs no registry', { timeout: 120_000 }, async () => {
    const set = await push()
    expect(set).toMatchObject({ app: 'shop-ci', commit: await repo.git('rev-parse', 'HEAD'), images: { web: { image: expect.stringMatching(`^${registry.host}/acme/web@sha256:`) } } })
    await command('up', '--on', 'docker', '--images', setFile)
    expect(await page()).toBe('built')
    await put('stable')
    await command('release', '--image', `web=${registry.host}/acme/web:stable`)
    await put('moved')
    await command('rollback')
    expect(await page()).toBe('built')
    await registry.close()
    await command('rollback', '--to', '2')
    expect(await page()).toBe('stable')
  })
})
