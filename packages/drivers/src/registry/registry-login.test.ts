import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findLogin, readLogin } from './registry-login.ts'

const never = new AbortController().signal
const auth = (words: string) => ({ auth: Buffer.from(words).toString('base64') })

async function loginBy(config: unknown, registry: string, helper?: string): Promise<ReturnType<typeof findLogin>> {
  const directory = await mkdtemp(join(tmpdir(), 'plimsoll-login-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  if (config !== undefined) await writeFile(join(directory, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config))
  if (helper !== undefined) await writeFile(join(directory, 'docker-credential-test'), `#!/bin/sh\n[ "$1" = get ] || exit 9\nread -r registry\n${helper}\n`, { mode: 0o755 })
  return findLogin({ DOCKER_CONFIG: directory, PATH: `${directory}:/usr/bin:/bin` }, registry, never)
}

test('a login is found under its registry, as docker login writes it, and as older clients have written it', async () => {
  const ghcr = { username: 'plim', password: 'to:ken' }
  expect((await loginBy({ auths: { 'ghcr.io': auth('plim:to:ken') } }, 'ghcr.io')).login).toEqual(ghcr)
  expect((await loginBy({ auths: { 'https://ghcr.io/v2/': auth('plim:to:ken') } }, 'ghcr.io')).login).toEqual(ghcr)
  expect((await loginBy({ auths: { 'https://index.docker.io/v1/': auth('hub:word') } }, 'docker.io')).login).toEqual({ username: 'hub', password: 'word' })
  expect((await loginBy({ auths: { 'ghcr.io': { identitytoken: 'long' } } }, 'ghcr.io')).login).toEqual({ identitytoken: 'long' })
})

test('a registry that nobody has logged in to gets nobody else\'s login, and it is told where none was found', async () => {
  const { login, told } = await loginBy({ auths: { 'ghcr.io': auth('plim:token') } }, 'evil-ghcr.io')
  expect(login).toBeUndefined()
  expect(told).toMatch(/^without credentials .*config\.json has none for it/)
  expect(await loginBy(undefined, 'ghcr.io')).toMatchObject({ login: undefined, told: expect.stringContaining('docker login') })
})

test('a helper goes before what is written down, and that of a registry before the one for all', async () => {
  const answer = `echo "{\\"Username\\":\\"for $registry\\",\\"Secret\\":\\"short-lived\\"}"`
  const config = { auths: { 'ghcr.io': auth('plim:stale') }, credHelpers: { 'ghcr.io': 'test' }, credsStore: 'absent' }
  expect(await loginBy(config, 'ghcr.io', answer)).toEqual({ login: { username: 'for ghcr.io', password: 'short-lived' }, told: 'with the credentials of docker-credential-test' })
  expect(await loginBy({ credsStore: 'test' }, 'docker.io', answer)).toMatchObject({ login: { username: 'for https://index.docker.io/v1/' } })
  expect((await loginBy({ credsStore: 'test' }, 'acr.example', `echo '{"Username":"<token>","Secret":"identity"}'`)).login).toEqual({ identitytoken: 'identity' })
})

test('a helper that is missing, fails or talks nonsense leaves the registry to be asked without, and what it said is not told', async () => {
  expect(await loginBy({ credsStore: 'absent' }, 'ghcr.io')).toEqual({ login: undefined, told: 'without credentials (docker-credential-absent is not on PATH)' })
  expect(await loginBy({ credsStore: '../evil' }, 'ghcr.io')).toMatchObject({ login: undefined, told: expect.stringContaining('no name of a program') })
  for (const script of ['echo hush-hush; exit 1', 'echo hush-hush']) {
    const found = await loginBy({ credsStore: 'test' }, 'ghcr.io', script)
    expect(found.login).toBeUndefined()
    expect(found.told).toContain('docker-credential-test')
    expect(found.told).not.toContain('hush')
  }
})

test('a file that cannot be understood is named, and nothing of it is quoted', async () => {
  const wrong = loginBy('{ "auths": { "ghcr.io": "hush-hush', 'ghcr.io')
  await expect(wrong).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('config.json') })
  await expect(wrong).rejects.not.toThrow('hush')
})

test('a kept login is a user and a token, whatever stands in the token', () => {
  expect(readLogin('plim:a:b')).toEqual({ username: 'plim', password: 'a:b' })
  for (const words of ['', 'plim', ':token', 'plim:']) expect(readLogin(words)).toBeUndefined()
})
