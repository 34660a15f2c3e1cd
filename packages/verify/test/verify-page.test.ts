import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { rehearsalChecks } from '../src/rehearse.ts'
import { createProbe } from '../src/verify.ts'

/** Those that are given readers by whoever puts the parts together. */
const ofSources = ['blueprint.resolves', 'blueprint.toolchain', 'environment.declared', 'environment.literal-secrets', 'build.public-values', 'artifact.client-bundle', 'artifact.files', 'database.migration-lint']
const ofSuites = ['suites.coverage', 'suites.old-on-new', 'suites.quarantine']

test('docs/verify.md names every check, and no other', async () => {
  const page = await readFile(new URL('../../../docs/verify.md', import.meta.url), 'utf8')
  const table = page.split('\n').filter((line) => line.startsWith('| `')).flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([a-z]+\.[a-z-]+)`/g)].map(([, id]) => id))
  const checks = rehearsalChecks(createProbe()).map(({ id }) => id)
  expect(table.toSorted()).toEqual([...new Set([...checks, ...ofSources, ...ofSuites])].toSorted())
})
