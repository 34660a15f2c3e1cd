// Builds the console in the form that runs anywhere: a server with all it needs below .next/standalone.
import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const next = createRequire(import.meta.url).resolve('next/dist/bin/next')
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' }
const { status } = spawnSync(process.execPath, [next, 'build'], { cwd: root, env, stdio: 'inherit' })
if (status !== 0) process.exit(status ?? 1)

// Next.js leaves the static files beside the server that it writes; the server looks for them below itself.
const target = join(root, '.next/standalone/apps/console')
cpSync(join(root, '.next/static'), join(target, '.next/static'), { recursive: true })
