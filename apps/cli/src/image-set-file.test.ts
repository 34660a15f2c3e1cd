import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { artifactSchema, type Artifact } from '@plimsoll/model'
import { expect, onTestFinished, test } from 'vitest'
import { imageSetOf, readImages, readImageSet, writeImageSet } from './image-set-file.ts'

const digest = `sha256:${'a'.repeat(64)}`
const source = { root: '/shop', blueprint: 'render.yaml', commit: 'c0ffee', dirty: false }
const pushed = (service: string): Artifact => artifactSchema.parse({ service, digest, inputs: digest, image: `ghcr.io/acme/${service}@${digest}`, files: '/', sizeBytes: 1, fileCount: 1, layout: 'image', assets: [], publicValues: {}, builtAt: '2026-01-01T00:00:00Z', fresh: true, buildMs: 1 })

async function scratchFile(text?: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'plimsoll-set-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'images.json')
  if (text !== undefined) await writeFile(file, text)
  return file
}

test('a set is read as it was written, with its commit, and in an order that does not depend on which build was faster', async () => {
  const set = imageSetOf({ app: 'shop', source, images: [pushed('web'), pushed('api')] })
  expect(Object.keys(set.images)).toEqual(['api', 'web'])
  const file = await scratchFile()
  await writeImageSet(file, set)
  expect(await readImageSet(file)).toEqual({ format: 1, app: 'shop', commit: 'c0ffee', images: { api: { image: `ghcr.io/acme/api@${digest}`, inputs: digest }, web: { image: `ghcr.io/acme/web@${digest}`, inputs: digest } } })
})

test('a working tree with changes is no commit\'s', () => {
  expect(imageSetOf({ app: 'shop', source: { ...source, dirty: true }, images: [] })).toEqual({ format: 1, app: 'shop', images: {} })
})

test('a file that is not there, or is no set, is told by name and place', async () => {
  await expect(readImageSet('/nowhere/images.json')).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('/nowhere/images.json cannot be read') })
  await expect(readImageSet(await scratchFile('{ torn'))).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('is no set of images') })
  const wrong = JSON.stringify({ format: 1, app: 'shop', images: { web: { image: 'Not An Image', inputs: digest } } })
  await expect(readImageSet(await scratchFile(wrong))).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('images web image must name an image') })
})

test('pairs of services and images are read, and what is none is quoted', () => {
  expect(readImages(['web=ghcr.io/acme/web:1.2', `api worker=acme/api@${digest}`])).toEqual({ 'web': 'ghcr.io/acme/web:1.2', 'api worker': `acme/api@${digest}` })
  expect(() => readImages(['ghcr.io/acme/web'])).toThrow('--image ghcr.io/acme/web does not say')
  expect(() => readImages(['web=https://ghcr.io/web'])).toThrow('--image web=https://ghcr.io/web does not say')
  expect(() => readImages(['web=a', 'web=b'])).toThrow('names web twice')
})
