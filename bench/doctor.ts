// Looks a workspace of 60 packages over, each time in a process of its own: node bench/doctor.ts [--check] [--rounds N]
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { renderBars } from './render-bars.ts'

const run = promisify(execFile)
const asked = process.argv.indexOf('--rounds')
const rounds = asked === -1 ? 10 : Number(process.argv[asked + 1])
const barMs = 1500
const [apps, packages, sourcesEach] = [12, 48, 40]
const main = join(import.meta.dirname, '../apps/cli/src/main.mjs')

const root = await mkdtemp(join(tmpdir(), 'plimsoll-doctor-'))
try {
  await makeWorkspace()
  const times: number[] = []
  let findings = 0
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now()
    const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', main, 'doctor', root, '--json'], { maxBuffer: 2 ** 26 })
    times.push(performance.now() - began)
    findings = (JSON.parse(stdout) as { findings: unknown[] }).findings.length
  }
  times.sort((a, b) => a - b)
  const at = (share: number): number => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0)
  const held = at(0.5) <= barMs
  console.log(renderBars([{ what: `plimsoll doctor on ${apps + packages} packages with ${(apps + packages) * sourcesEach} sources, ${apps} services, ${findings} findings`, bar: `≤ ${barMs} ms in the middle, from nothing`, measured: `p50 ${at(0.5)} ms, at worst ${at(1)} ms of ${rounds}`, held }]))
  if (process.argv.includes('--check') && !held) process.exitCode = 1
} finally {
  await rm(root, { recursive: true, force: true })
}

async function makeWorkspace(): Promise<void> {
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ name: 'shop', packageManager: 'pnpm@12.21.0', engines: { node: '24' } }),
    'pnpm-workspace.yaml': 'packages: [apps/*, packages/*]\n',
    'pnpm-lock.yaml': `lockfileVersion: '9.0'\npackages:\n${Array.from({ length: 3000 }, (_, n) => `\n  some-package-${n}@1.0.${n}:\n    resolution: {integrity: sha512-${'x'.repeat(80)}}\n`).join('')}`,
    'turbo.json': '{ "tasks": { "build": { "dependsOn": ["^build"] } } }',
    'render.yaml': `services:\n${Array.from({ length: apps }, (_, n) => serviceOf(n)).join('')}`,
  }
  for (let n = 0; n < apps + packages; n += 1) Object.assign(files, packageFiles(n))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), text)
  }
  await run('git', ['init', '-q'], { cwd: root })
  await run('git', ['add', '-A'], { cwd: root })
}

function serviceOf(n: number): string {
  return `  - type: web
    name: app-${n}
    runtime: node
    buildCommand: pnpm install --frozen-lockfile && pnpm turbo run build --filter=@shop/app-${n}...
    startCommand: node apps/app-${n}/dist/main.js
    healthCheckPath: /healthz
    buildFilter:
      paths: [apps/app-${n}/**, pnpm-lock.yaml]
`
}

/** Every package depends on three that come after it; every second app is one of Next.js. */
function packageFiles(n: number): Record<string, string> {
  const at = n < apps ? `apps/app-${n}` : `packages/package-${n}`
  const name = (which: number): string => `@shop/${which < apps ? 'app' : 'package'}-${which}`
  const needs = [n + apps, n + apps + 7, n + apps + 20].filter((which) => which < apps + packages)
  const framework = n < apps ? (n % 2 === 0 ? { next: '16.4.6' } : { fastify: '5.12.8' }) : {}
  const manifest = { name: name(n), scripts: { build: 'tsc', start: 'node dist/main.js' }, dependencies: { ...Object.fromEntries(needs.map((which) => [name(which), 'workspace:*'])), ...framework, zod: '4.6.7' } }
  const source = `import { z } from 'zod'\n${"export const value = z.string().parse(process.env.VALUE ?? 'nothing')\n".repeat(60)}`
  const main = "import fastify from 'fastify'\nconst app = fastify()\napp.get('/healthz', () => 'ok')\nprocess.once('SIGTERM', () => void app.close())\nawait app.listen({ host: '0.0.0.0', port: Number(process.env.PORT) })\n"
  return {
    [`${at}/package.json`]: JSON.stringify(manifest),
    ...(n < apps && n % 2 === 0 && { [`${at}/next.config.ts`]: "export default { output: 'standalone' }\n" }),
    ...Object.fromEntries(Array.from({ length: sourcesEach }, (_, index) => [`${at}/src/${index === 0 ? 'main' : `part-${index}`}.ts`, index === 0 && n < apps ? main : source])),
  }
}
