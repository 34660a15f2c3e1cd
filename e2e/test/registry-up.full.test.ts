import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { engineAddress, openDockerEngine } from '@plimsoll/drivers/docker'
import { forgetImagesOf, registryUser, startRegistry, startRudeRegistry, tinyImage, tinyServer, whyNoDocker, whyNoRegistry, type RudeRegistry, type TestRegistry } from '@plimsoll/drivers/stand-in'
import { contract, imageSetSchema, type AppView, type ImageSet } from '@plimsoll/model'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { clearDocker, onDocker } from '../src/docker/on-docker.ts'
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
    await plimsoll.run(['down', '--destroy-data', '--json'], { cwd: repo.directory })
    const left = await clearDocker(engine, plimsoll.home, never)
    expect([left, await plimsoll.leave()]).toEqual([[], []])
    await forgetImagesOf(engine, registry.host, never)
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

  test('whatever a registry does wrong has its message, and what is live serves on', { timeout: 600_000 }, async () => {
    await put('live')
    const image = (reference: string) => ['release', '--image', `web=${registry.host}/acme/${reference}`]
    await command('up', '--on', 'docker', '--image', `web=${registry.host}/acme/web:stable`)
    const foreign = process.arch === 'arm64' ? 'amd64' : 'arm64'
    await behind.put({ name: 'acme/foreign', tag: '1', files: [], architecture: foreign })
    const big = await behind.put({ name: 'acme/big', tag: '1', files: [{ path: 'big', mode: 0o644, content: Buffer.alloc(2_000_000, crypto.getRandomValues(new Uint8Array(65_536))) }] })
    const refusals = [
      { code: 'IMAGE_MISSING', exit: 38, says: 'does not have', args: image(`web@sha256:${'0'.repeat(64)}`) },
      { code: 'IMAGE_MISSING', exit: 38, says: 'does not have', args: image('nobody:1') },
      { code: 'IMAGE_MOVED', exit: 39, says: 'has moved the tag', args: image(`web:stable@${big}`) },
      { code: 'PLACE_CANNOT', exit: 14, says: `made for linux/${foreign}`, args: image('foreign:1') },
      { code: 'REGISTRY_REFUSED', exit: 61, says: 'without credentials', args: image('web:stable'), manners: { manifest: 401 } },
      { code: 'REGISTRY_REFUSED', exit: 61, says: 'without credentials', args: image('web:stable'), manners: { manifest: 403 } },
      { code: 'REGISTRY_DOWN', exit: 60, says: 'was not reached', args: ['release', '--image', 'web=127.0.0.1:1/acme/web:1'] },
      { code: 'REGISTRY_DOWN', exit: 60, says: 'said nothing for 60 s', args: image('big:1'), manners: { blob: 'stall' } },
      { code: 'REGISTRY_DOWN', exit: 60, says: 'broke off', args: image('big:1'), manners: { blob: 'cut' } },
      { code: 'USAGE', exit: 2, says: 'no service wbe', args: ['release', '--image', `wbe=${registry.host}/acme/web:stable`] },
    ] as const
    for (const { code, exit, says, args, ...more } of refusals) {
      registry.be('manners' in more ? more.manners : {})
      const end = await run(...args)
      registry.be({ manifest: 'pass', blob: 'pass' })
      expect([end.code, end.problem], args.join(' ')).toEqual([exit, expect.objectContaining({ code, message: expect.stringContaining(says), hint: expect.any(String) })])
      expect([await page(), (await view()).live?.number], args.join(' ')).toEqual(['live', 1])
    }
  })

  test('a base image that cannot be pulled is named, and what is live serves on', { timeout: 120_000 }, async () => {
    await command('up', '--on', 'docker')
    const bases = [
      { from: `${registry.host}/acme/nobody:1`, code: 'BUILD_FAILED' },
      { from: `${registry.host}/acme/nobody:2`, code: 'BUILD_FAILED', manners: { manifest: 401 } },
      { from: '127.0.0.1:1/acme/base:1', code: 'OFFLINE' },
    ] as const
    for (const { from, code, ...more } of bases) {
      registry.be('manners' in more ? more.manners : {})
      await repo.write('Dockerfile', `FROM ${from}\nCOPY release.txt /srv/index.html\n`)
      const end = await run('up')
      expect(end.problem).toMatchObject({ code, message: expect.stringContaining(`the base image ${from} cannot be pulled`), hint: expect.stringContaining(`docker pull ${from}`) })
      expect([await page(), (await view()).live?.number]).toEqual(['built', 1])
    }
  })

  test('an image of the Blueprint is run as any other service, and its registry\'s password is found nowhere', { timeout: 120_000 }, async () => {
    const closed = await startRegistry({ users: true })
    try {
      const config = { Env: ['PATH=/bin'], WorkingDir: '/srv', Cmd: ['/bin/sh', '-c', 'exec httpd -f -p $PORT -h /srv'] }
      const digest = await closed.put({ name: 'acme/search', tag: '1', files: tinyServer.files(), config })
      await repo.write('render.yaml', `services:\n  - type: web\n    name: web\n    runtime: image\n    healthCheckPath: /\n    image: { url: '${closed.host}/acme/search:1', creds: { fromRegistryCreds: { name: hub } } }\n`)
      const refused = await run('up', '--on', 'docker')
      expect(refused.problem).toMatchObject({ code: 'REGISTRY_REFUSED', hint: expect.stringContaining('registry:hub/LOGIN=USER:TOKEN') })
      await command('env', 'set', `registry:hub/LOGIN=${registryUser.name}:${registryUser.password}`)
      const up = await command('up', '--on', 'docker')
      expect(await page()).toBe('a tiny server')
      const [container] = (await onDocker(engine, plimsoll.home, never)).containers
      const { body: inspected } = await engine.call({ path: `/containers/${container?.id}/json`, to: 'look' }, never)
      expect(inspected).toContain(digest.slice(0, 7))
      const shown = [up.out, up.err, inspected, (await command('status', '--release', '2')).out, ...(await textsBelow(plimsoll.home))]
      expect(shown.filter((text) => text.includes(registryUser.password))).toEqual([])
    } finally {
      await command('down')
      await forgetImagesOf(engine, closed.host, never)
      await closed.close()
    }
  })

  test('local processes run no images, and say where they run', { timeout: 60_000 }, async () => {
    const end = await run('up', '--image', `web=${registry.host}/acme/web:stable`)
    expect([end.code, end.problem]).toEqual([14, expect.objectContaining({ code: 'PLACE_CANNOT', message: expect.stringContaining(`${registry.host}/acme/web:stable`), hint: expect.stringContaining('--on docker') })])
  })
})

/** Everything in a home that is text, but for its database, where the kept values are. */
async function textsBelow(home: string): Promise<string[]> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && /\.(?:log|json|txt|jsonl)$/.test(entry.name)).map(({ parentPath, name }) => join(parentPath, name))
  return Promise.all(files.filter((file) => !file.includes('/postgres/')).map((file) => readFile(file, 'utf8')))
}
