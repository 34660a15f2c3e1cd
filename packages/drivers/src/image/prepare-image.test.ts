import { appNameSchema, unitSpecSchema } from '@plimsoll/model'
import { treeOf } from '@plimsoll/repository/tree-of'
import { readWorkspace } from '@plimsoll/repository'
import { expect, test } from 'vitest'
import { prepareImage, remoteCacheOf, type PreparedImage, type PrepareOptions } from './prepare-image.ts'

const written = { service: 'web', kind: 'web', runtime: 'node', rootDir: '', maxShutdownDelayMs: 1, instances: 1, buildCommand: 'pnpm build', startCommand: 'node main.js' }
const own = { ...written, runtime: 'docker', buildCommand: undefined, startCommand: undefined, docker: { dockerfile: 'Dockerfile', context: '' } }
const values = { NEXT_PUBLIC_A: 'a', SECRET: 's', LEVEL: 'info', RENDER_GIT_COMMIT: '1' }

async function prepare(change: { spec?: object; environment?: Record<string, string>; options?: Partial<PrepareOptions>; secrets?: string[] } = {}): Promise<PreparedImage> {
  const tree = treeOf({ 'package.json': '{"dependencies":{"next":"16"}}', 'pnpm-lock.yaml': '', 'main.js': '', Dockerfile: 'FROM x\nARG NEXT_PUBLIC_A\nARG LEVEL\nARG SECRET\nARG NEXT_DEPLOYMENT_ID' })
  const request = {
    app: appNameSchema.parse('shop'), spec: unitSpecSchema.parse(change.spec ?? written), source: { root: '/', blueprint: 'render.yaml', dirty: true }, output: () => undefined,
    environment: { ...values, ...change.environment }, ...(change.secrets !== undefined && { secrets: change.secrets }),
  }
  return prepareImage(request, { tree, workspace: await readWorkspace(tree) }, { bases: {}, ca: undefined, remoteCache: {}, ...change.options })
}

test('what browsers see is an argument of a written Dockerfile, and everything else a secret', async () => {
  const { args, secrets, deploymentId } = await prepare()
  expect(args).toEqual({ NEXT_PUBLIC_A: 'a', NEXT_DEPLOYMENT_ID: deploymentId, ENVIRONMENT_DIGEST: expect.stringMatching(/^\w{64}$/) })
  expect(deploymentId).toMatch(/^\w{16}$/)
  expect(secrets).toEqual({ SECRET: 's', LEVEL: 'info', RENDER_GIT_COMMIT: '1' })
})

test('another secret makes the build anew, another commit alone does not', async () => {
  const [first, secret, commit] = await Promise.all([prepare(), prepare({ environment: { SECRET: 't' } }), prepare({ environment: { RENDER_GIT_COMMIT: '2' } })])
  expect(secret.args['ENVIRONMENT_DIGEST']).not.toBe(first.args['ENVIRONMENT_DIGEST'])
  expect(secret.inputs.digest).not.toBe(first.inputs.digest)
  expect(commit.args).toEqual(first.args)
  expect(commit.inputs.digest).toBe(first.inputs.digest)
})

test('another base is another image, and a remote cache is not', async () => {
  const first = await prepare()
  const based = await prepare({ options: { bases: { build: 'node:x', runtime: 'small:x' } } })
  expect(based.args).toMatchObject({ NODE_BASE: 'node:x', RUNTIME_BASE: 'small:x' })
  expect(based.inputs.digest).not.toBe(first.inputs.digest)
  const cached = await prepare({ options: { remoteCache: remoteCacheOf({ TURBO_TOKEN: 't', HOME: '/x' }) } })
  expect(cached.secrets).toMatchObject({ TURBO_TOKEN: 't' })
  expect([cached.inputs.digest, cached.args]).toEqual([first.inputs.digest, first.args])
})

test('a Dockerfile of the repository gets the arguments that it asks for, but for secrets', async () => {
  const { args, secrets, deploymentId, remarks } = await prepare({ spec: own, secrets: ['SECRET'] })
  expect(args).toEqual({ NEXT_PUBLIC_A: 'a', LEVEL: 'info', NEXT_DEPLOYMENT_ID: deploymentId })
  expect(secrets).toEqual({ SECRET: 's' })
  expect(remarks).toEqual([expect.stringContaining('ARG SECRET')])
})

test('while nobody says what is secret, everything is that no browser sees', async () => {
  const { args, secrets } = await prepare({ spec: own })
  expect(Object.keys(args)).toEqual(['NEXT_PUBLIC_A', 'NEXT_DEPLOYMENT_ID'])
  expect(Object.keys(secrets)).toEqual(['SECRET', 'LEVEL', 'RENDER_GIT_COMMIT'])
})
