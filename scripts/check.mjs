// Everything that can be said of the code without running it: types, lint, boundaries, dead code.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { install, root, run } from './toolchain.mjs'

await install()

const projects = ['packages', 'apps'].flatMap((floor) => readdirSync(join(root, floor)).map((name) => `${floor}/${name}`)).concat('e2e', 'bench')
const checks = [
  ['lint', 'oxlint', []],
  ['boundaries', 'turbo', ['boundaries']],
  ['house', 'vitest', ['run', 'scripts/house.test.mjs', '--reporter=dot']],
  ['dead code', 'knip', ['--no-config-hints']],
  ...projects.map((project) => [`types of ${project}`, 'tsc', ['-p', project]]),
]

let failed = 0
for (const [title, command, args] of checks) {
  const began = Date.now()
  const { status, output } = await run(command, args, { quiet: true, environment: { TURBO_TELEMETRY_DISABLED: '1', FORCE_COLOR: '0' } })
  console.log(`${status === 0 ? '✓' : '✗'} ${title.padEnd(28)} ${((Date.now() - began) / 1000).toFixed(1)} s`)
  if (status === 0) continue
  failed += 1
  console.log(output)
}
console.log(failed === 0 ? 'Nothing to find fault with.' : `${failed} of ${checks.length} checks found fault.`)
process.exitCode = failed === 0 ? 0 : 1
