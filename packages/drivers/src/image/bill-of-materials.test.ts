import { treeOf } from '@plimsoll/repository/tree-of'
import * as CDX from '@cyclonedx/cyclonedx-library'
import { expect, test } from 'vitest'
import { billOfMaterials } from './bill-of-materials.ts'

const question = {
  service: 'api', inputs: `sha256:${'a'.repeat(64)}`, commit: 'c0ffee',
  packages: [{ name: '@fastify/cors', version: '11.4.3', license: 'MIT' }, { name: 'pg', version: '8.23.1', license: undefined }],
  tree: treeOf({ 'pnpm-lock.yaml': `packages:\n  pg@8.23.1:\n    resolution: {integrity: sha512-${Buffer.alloc(64, 1).toString('base64')}}\n` }),
}

test('it keeps to the schema of CycloneDX', async () => {
  const validator = new CDX.Validation.JsonStrictValidator(CDX.Spec.Version.v1dot6)
  expect(await validator.validate(await billOfMaterials(question))).toBeNull()
})

test('packages are named so that others can look them up, with the digests of the lockfile', async () => {
  const { components } = JSON.parse(await billOfMaterials(question)) as { components: object[] }
  expect(components).toEqual([
    { type: 'library', 'bom-ref': 'pkg:npm/%40fastify/cors@11.4.3', group: '@fastify', name: 'cors', version: '11.4.3', purl: 'pkg:npm/%40fastify/cors@11.4.3', licenses: [{ license: { name: 'MIT' } }] },
    { type: 'library', 'bom-ref': 'pkg:npm/pg@8.23.1', name: 'pg', version: '8.23.1', purl: 'pkg:npm/pg@8.23.1', hashes: [{ alg: 'SHA-512', content: '01'.repeat(64) }] },
  ])
})

test('equal inputs have the same bill, byte for byte', async () => {
  expect(await billOfMaterials(question)).toBe(await billOfMaterials({ ...question }))
})
