// Brings Node 24, pnpm and all packages to a machine that has only Node >= 20 and npm.
// Plain JavaScript without dependencies: it runs before anything is installed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const stamp = join(root, 'node_modules/.plimsoll-installed')

/** Installs every package of the lockfile, once for each lockfile. Exits with what to do when it cannot. */
export async function install() {
  const wanted = createHash('sha256').update(readFileSync(join(root, 'pnpm-lock.yaml'))).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  const began = Date.now()
  process.stdout.write('Installing what Plimsoll needs (once) … ')
  const { status, output } = await run('npx', ['--yes', `pnpm@${manifest.devEngines.packageManager.version}`, 'install', '--frozen-lockfile', '--reporter=append-only'], { quiet: true })
  if (status !== 0) {
    process.stdout.write(`failed\n${output.split('\n').slice(-30).join('\n')}\n`)
    process.stderr.write('✗ The packages could not be installed.\n  → See that the npm registry can be reached (npm ping), then run this again.\n')
    process.exit(46)
  }
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
  process.stdout.write(`${((Date.now() - began) / 1000).toFixed(0)} s\n`)
}

/** Node 24: this one if it is, else the one that was installed with the packages. */
export function node24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  const bundled = join(root, `node_modules/node-${process.platform}-${process.arch}/bin/node`)
  if (existsSync(bundled)) return bundled
  process.stderr.write(`✗ Plimsoll runs on Node 24; this is ${process.version}, and no Node 24 for ${process.platform}-${process.arch} comes with it.\n  → Install Node 24 and run this again.\n`)
  process.exit(42)
}

/** Runs a program to its end, in the repository's root unless another directory is given, with Node 24 first on PATH. Ctrl-C reaches it by the terminal. */
export function run(command, args, { quiet = false, environment = {}, directory = root } = {}) {
  const bundled = join(root, `node_modules/node-${process.platform}-${process.arch}/bin`)
  // The second holds pnpm, which turbo wants to find.
  const path = [...(existsSync(bundled) ? [bundled] : []), join(root, 'packages/drivers/node_modules/.bin'), join(root, 'node_modules/.bin'), process.env.PATH].join(':')
  const child = spawn(command, args, { cwd: directory, env: { ...process.env, ...environment, PATH: path }, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' })
  let output = ''
  child.stdout?.on('data', (chunk) => { output += chunk })
  child.stderr?.on('data', (chunk) => { output += chunk })
  // The child decides what an interruption means; whoever waits for it must not die first.
  const ignore = () => {}
  process.on('SIGINT', ignore).on('SIGTERM', ignore)
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ status: 127, output: String(error) }))
    child.once('close', (status) => {
      process.off('SIGINT', ignore).off('SIGTERM', ignore)
      resolve({ status: status ?? 130, output })
    })
  })
}
