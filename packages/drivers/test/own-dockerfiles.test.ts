import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { tracer } from '../src/image/dockerfile.ts'
import { readDockerfile } from '../src/image/dockerfile-lines.ts'

const root = join(import.meta.dirname, '../../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const dockerfiles = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*Dockerfile'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean)
const own = ['apps/api/Dockerfile', 'apps/console/Dockerfile', 'packages/edge/Dockerfile']
const last = (file: string) => {
  const lines = readDockerfile(read(file))
  return lines.slice(lines.findLastIndex(({ name }) => name === 'FROM'))
}

test.each(dockerfiles)('%s builds on Engine 20.10', (file) => {
  expect(read(file)).not.toMatch(/<<|--link|# syntax=|--exclude|--parents|--start-interval/)
})

test.each(own)('%s ends in an image that has production files alone, runs as no root, is asked after without curl, and says what it is', (file) => {
  expect(dockerfiles).toContain(file)
  const stage = last(file)
  const of = (name: string) => stage.filter((line) => line.name === name).map(({ rest }) => rest)
  expect(of('FROM')).toEqual(['${RUNTIME_BASE}'])
  expect(of('RUN')).toEqual([])
  for (const copied of of('COPY')) expect(copied).toMatch(/^--from=build (?:--chown=\$\{RUNTIME_USER\} )?\/(?:production\/(?:installed|built)|state)\/ /)
  expect(of('USER')).toEqual(['${RUNTIME_USER}'])
  expect(of('HEALTHCHECK')).toEqual([expect.stringMatching(/CMD \["node","-e","(?:fetch|require\('node:http'\)\.get)\(/)])
  expect(of('CMD')).toEqual([expect.stringMatching(/^\["node",/)])
  expect(of('LABEL')).toEqual([expect.stringMatching(/image\.title=.*image\.revision=\$\{REVISION\}/)])
})

test.each(own)('%s brings the tools of the build in the versions that this repository has', (file) => {
  const { devEngines, devDependencies } = JSON.parse(read('package.json')) as { devEngines: { packageManager: { version: string } }; devDependencies: { turbo: string } }
  expect(read(file)).toContain(`pnpm@${devEngines.packageManager.version} turbo@${devDependencies.turbo}`)
  if (read(file).includes('@vercel/nft')) expect(read(file)).toContain(tracer)
})

test('what an API in its image runs beside itself is in the image too', () => {
  const text = read('apps/api/Dockerfile')
  for (const program of ['apps/api/src/main.ts', 'apps/cli/bin/plimsoll.mjs', 'packages/edge/src/main.ts', 'packages/drivers/src/process/balancer-main.ts']) expect(text).toContain(` ${program} `)
})

test('the edge of compose.yaml is of the version that the API asks for, so that it is adopted as it is', () => {
  const { services } = parse(read('compose.yaml'), { merge: true }) as { services: { edge: { command: readonly string[] } } }
  const { version } = createRequire(import.meta.url)(join(root, 'packages/edge/package.json')) as { version: string }
  expect(services.edge.command.slice(-2)).toEqual(['--version', version])
})

test('compose.dev.yaml mounts the sources of every package that the API is made of', () => {
  const { services } = parse(read('compose.dev.yaml'), { merge: true }) as { services: { api: { volumes: readonly string[] } } }
  const packages = new Set<string>()
  const add = (name: string): void => {
    const directory = ['packages', 'apps'].map((each) => `${each}/${name}`).find((each) => isPackage(each))
    if (directory === undefined || packages.has(directory)) return
    packages.add(directory)
    const { dependencies = {} } = JSON.parse(read(`${directory}/package.json`)) as { dependencies?: Record<string, string> }
    for (const each of Object.keys(dependencies)) if (each.startsWith('@plimsoll/')) add(each.slice('@plimsoll/'.length))
  }
  add('cli')
  for (const directory of packages) expect(services.api.volumes).toContain(`./${directory}/src:/repository/${directory}/src:ro`)
})

function isPackage(directory: string): boolean {
  try {
    return read(`${directory}/package.json`) !== ''
  } catch {
    // In the other of the two.
    return false
  }
}
