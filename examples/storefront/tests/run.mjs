// Runs one suite against a shop that is up, or all of them, one after the other:
//
//   node tests/run.mjs [SUITE [WORDS FOR ITS RUNNER...]]
//
// Where the shop is, tests/shop.ts says. With PLIMSOLL_REPORT, what became of each test is also written there.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const report = process.env.PLIMSOLL_REPORT

/** What a suite consists of, and what it needs besides Node. */
const suites = {
  unit: { files: ['apps/*/src/**/*.test.ts', 'packages/*/src/**/*.test.ts'], prepare: buildPackages },
  api: { files: ['tests/api/*.test.ts'] },
  database: { files: ['tests/database/*.test.ts'], prepare: installHere },
  services: { files: ['tests/services/*.test.ts'], prepare: installHere },
  auth: { files: ['tests/auth/*.test.ts'], prepare: installHere },
  errors: { files: ['tests/errors/*.test.ts'] },
  journeys: { files: undefined, prepare: installHere },
  load: { files: ['tests/load/*.test.ts'] },
}

const [name, ...words] = process.argv.slice(2)
if (name !== undefined && !(name in suites)) {
  console.error(`There is no suite ${name}: there are ${Object.keys(suites).join(', ')}`)
  process.exit(2)
}
const failed = (name === undefined ? Object.keys(suites) : [name]).filter((each) => !passes(each))
if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1

function passes(suite) {
  const { files, prepare } = suites[suite]
  console.log(`— ${suite}`)
  prepare?.()
  const args = files === undefined ? journeys() : nodeTests(files)
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status === 0
}

/** In one process: starting one for each file takes longer than most of them. */
function nodeTests(files) {
  const told = ['--test-reporter=spec', '--test-reporter-destination=stdout']
  if (report !== undefined) told.push('--test-reporter=junit', `--test-reporter-destination=${report}`)
  const found = globSync(files, { cwd: root, exclude: (path) => path.includes('node_modules') })
  return ['--test', '--test-isolation=none', ...told, ...words, ...found.sort()]
}

function journeys() {
  const tests = import.meta.dirname
  return [join(tests, 'node_modules/@playwright/test/cli.js'), 'test', '--config', join(tests, 'playwright.config.ts'), ...words]
}

/** The tests of a package import what it depends on, as it was built. */
function buildPackages() {
  pnpm(root, 'install', '--frozen-lockfile')
  pnpm(root, 'turbo', 'run', 'build', '--filter=./packages/*')
}

/** Beside the place and then moved there as a whole, because suites may run at the same time, and each finds all of it or nothing. */
function installHere() {
  const place = join(import.meta.dirname, 'node_modules')
  if (existsSync(place)) return
  const aside = join(import.meta.dirname, `.install-${process.pid}`)
  mkdirSync(aside)
  try {
    for (const file of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']) cpSync(join(import.meta.dirname, file), join(aside, file))
    pnpm(aside, 'install', '--frozen-lockfile')
    renameSync(join(aside, 'node_modules'), place)
  } catch (error) {
    if (!existsSync(place)) throw error // Otherwise somebody else was first.
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

function pnpm(directory, ...args) {
  execFileSync('pnpm', args, { cwd: directory, stdio: 'inherit' })
}
