import { treeOf } from '@plimsoll/repository/tree-of'
import { expect, test } from 'vitest'
import { dockerignore } from './dockerignore.ts'

const lines = (...files: string[]) => dockerignore(treeOf(Object.fromEntries(files.map((file) => [file, ''])))).split('\n')

test('what builds make and the values of a machine stay out', () => {
  expect(lines('package.json')).toEqual(expect.arrayContaining(['**/node_modules', '**/.next', '**/dist', '**/build', '**/.env', '**/.env.*', '**/*.pem']))
})

test('what the repository has is not taken for an output because of its name', () => {
  const found = lines('apps/api/src/build/image.ts', 'dist/kept.js', 'apps/api/coverage')
  expect(found).not.toContain('**/coverage')
  expect(found).not.toContain('**/build')
  expect(found).not.toContain('**/dist')
  expect(found).toContain('**/out')
})

test('a certificate that is committed stays in', () => {
  expect(lines('certs/database.pem')).not.toContain('**/*.pem')
})

test('only committed values that are for everybody stay in', () => {
  expect(lines('apps/web/.env.production', '.env', 'apps/web/.env.local').filter((line) => line.startsWith('!'))).toEqual(['!apps/web/.env.production'])
})
