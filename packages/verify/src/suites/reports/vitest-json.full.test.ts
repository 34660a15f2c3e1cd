import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { readReport } from './read-report.ts'

test('what Vitest itself writes is read, with a file that cannot be loaded', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'vitest-json-'))
  try {
    await writeFile(join(directory, 'v.spec.mjs'), `describe('cart', () => { test('adds', () => {}); test('breaks', () => { throw new Error('no') }); test.todo('later') })`)
    await writeFile(join(directory, 'w.spec.mjs'), `import 'nowhere'`)
    await writeFile(join(directory, 'vitest.config.mjs'), 'export default { test: { include: ["*.spec.mjs"], globals: true } }')
    const vitest = join(fileURLToPath(import.meta.resolve('vitest/package.json')), '../vitest.mjs')
    // It ends with a failure, because it found some.
    await promisify(execFile)(process.execPath, [vitest, 'run', '--root', directory, '--reporter=json', `--outputFile=${join(directory, 'report.json')}`]).catch(() => undefined)
    const parsed = await readReport(join(directory, 'report.json'), 'vitest-json')
    const tests = 'tests' in parsed ? parsed.tests : []
    expect(tests.map(({ title, is }) => `${is}: ${title}`).toSorted()).toEqual(['failed: (the file itself)', 'failed: cart › breaks', 'passed: cart › adds', 'skipped: cart › later'])
    expect(tests.find(({ is }) => is === 'passed')?.file).toBe(join(directory, 'v.spec.mjs'))
  } finally {
    await rm(directory, { recursive: true })
  }
})
