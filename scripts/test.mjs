// All tests: unit, contract, real PostgreSQL, Chromium, releases under load. `--all` adds the long runs.
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildConsole } from './console.mjs'
import { leftBehind } from './left-behind.mjs'
import { install, run } from './toolchain.mjs'

await install()
await buildConsole()

// Everything that a test makes lies below one directory, so that what it leaves behind can be recognised.
const ground = mkdtempSync(join(tmpdir(), 'pt-'))
// The embedded database runs as another user when the tests run as root, and must get through.
chmodSync(ground, 0o755)
const report = join(ground, 'report.json')
const all = process.argv.includes('--all')
const filters = process.argv.slice(2).filter((argument) => argument !== '--all')

const { status } = await run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters], {
  environment: { TMPDIR: ground, ...(all && { PLIMSOLL_E2E: 'full' }), NEXT_TELEMETRY_DISABLED: '1', TURBO_TELEMETRY_DISABLED: '1' },
})

const counts = countsIn(report)
const left = await leftBehind(ground)
for (const each of left) console.error(`✗ left behind: ${each}`)
if (left.length === 0) rmSync(ground, { recursive: true, force: true })
console.log(`\nTests: ${counts.passed} passed, ${counts.failed + left.length} failed, ${counts.skipped} skipped`)
process.exitCode = status === 0 && left.length === 0 && counts.failed === 0 && counts.passed > 0 ? 0 : 1

function countsIn(path) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(path, 'utf8'))
    // A file that cannot even be loaded has no tests to count, and is a failure all the same.
    const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed')).length
    return { passed: numPassedTests, failed: numFailedTests + broken, skipped: numPendingTests + numTodoTests }
  } catch (error) {
    console.error(`✗ the test runner left no report: ${error.message}`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
