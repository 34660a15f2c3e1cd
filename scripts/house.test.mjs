// The second lock on the house of ARCHITECTURE.md: what may import what, and what no file may be called.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import floorPlan from './floor-plan.json' with { type: 'json' }
import { root } from './toolchain.mjs'

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean)
const ours = tracked.filter((path) => !path.startsWith('examples/'))
const read = (path) => readFileSync(join(root, path), 'utf8')
const sources = ours.filter((path) => /\.(?:ts|tsx|mjs)$/.test(path))
const packages = ours.filter((path) => /^(?:packages|apps)\/[^/]+\/package\.json$/.test(path)).map((path) => ({ directory: path.replace('/package.json', ''), manifest: JSON.parse(read(path)) }))

test('every package stands in the floor plan, and the floor plan names no other', () => {
  expect(packages.map(({ manifest }) => manifest.name).toSorted()).toEqual(Object.keys(floorPlan).toSorted())
})

test.each(packages.map(({ directory, manifest }) => [manifest.name, directory, manifest]))('%s depends only on what its floor allows', (name, _directory, manifest) => {
  const named = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies }).filter((each) => each.startsWith('@plimsoll/'))
  expect(named.filter((each) => !floorPlan[name].includes(each))).toEqual([])
})

test.each(packages.map(({ directory, manifest }) => [manifest.name, directory]))('%s imports only what its floor allows, and no inside of another package', (name, directory) => {
  const wrong = sources.filter((path) => path.startsWith(`${directory}/`)).flatMap((path) => {
    const isTest = /\.test\.tsx?$|\/test\//.test(path)
    return [...read(path).matchAll(/from '(@plimsoll\/[a-z]+)(\/[^']*)?'|from '((?:\.\.\/)+(?:packages|apps)\/[^']*)'/g)]
      .filter(([, found, , relative]) => relative !== undefined || (found !== name && !floorPlan[name].includes(found) && !isTest))
      .map(([text]) => `${path}: ${text}`)
  })
  expect(wrong).toEqual([])
})

test('no file is a drawer', () => {
  const drawers = /^(?:utils?|helpers?|common|shared|misc|types|constants|interfaces|index)\.(?:ts|tsx|mjs|js)$/
  expect(tracked.filter((path) => drawers.test(basename(path)))).toEqual([])
})

test('no package is called after what it is not about', () => {
  expect(packages.filter(({ directory }) => /\/(?:core|common|shared|utils|types|config|ui)$/.test(directory))).toEqual([])
})

test('no file hands on everything of another', () => {
  expect(sources.filter((path) => /^export \* from/m.test(read(path)))).toEqual([])
})

test('no source file is longer than 300 lines', () => {
  expect(sources.filter((path) => read(path).split('\n').length > 301)).toEqual([])
})

test('no lockfile names a registry', () => {
  expect(tracked.filter((path) => path.endsWith('pnpm-lock.yaml') && /https?:\/\//.test(read(path)))).toEqual([])
})

test('fewer than a quarter of what the console draws runs in the browser', () => {
  const drawn = ours.filter((path) => path.startsWith('apps/console/src/') && path.endsWith('.tsx'))
  const inBrowser = drawn.filter((path) => /^['"]use client['"]/m.test(read(path)))
  expect(drawn.length).toBeGreaterThan(0)
  expect(inBrowser.length, inBrowser.join('\n')).toBeLessThan(drawn.length / 4)
})

test('process.env is read only where a program begins, or starts another', () => {
  const allowed = /(?:main|config)\.(?:ts|mjs)$|^scripts\/|\.config\.|^apps\/console\/|\/test\/|\.test\.|^e2e\/|^bench\/|(?:keep-console|edge-process|run-git|dockerfile)\.ts$/
  expect(sources.filter((path) => /process\.env\b/.test(read(path)) && !allowed.test(path))).toEqual([])
})

test('every error code has a section in docs/errors.md, and every section a code', () => {
  const codes = [...read('packages/model/src/error-codes.ts').matchAll(/^ {2}([A-Z_]+): \{/gm)].map(([, code]) => code)
  const sections = [...read('docs/errors.md').matchAll(/^## ([A-Z_]+)$/gm)].map(([, code]) => code)
  expect(sections.toSorted()).toEqual(codes.toSorted())
})
