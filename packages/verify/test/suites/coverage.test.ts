import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { stripTypeScriptTypes } from 'node:module'
import { describe, expect, test } from 'vitest'
import { lcovLines } from '../../src/suites/line-coverage/lcov-lines.ts'
import { askSuites, git, put, repository, temporary, type Asked, type FakeService } from './suite-world.ts'

const api = `interface Answer { readonly code: number }

export function answer(even: boolean): Answer {
  if (even) {
    return { code: 200 }
  }
  return { code: 404 }
}
answer(true)
`
const running = 'process.on("SIGTERM", () => process.exit(0)); setInterval(() => undefined, 1000); console.log("ready")'

/** A service that runs `file` of its copy, and ends on SIGTERM as one does. */
function serviceOf(file: string, files: string): FakeService {
  const children: ChildProcess[] = []
  return {
    name: 'api',
    files,
    async raised(environment) {
      const child = spawn(process.execPath, [file], { env: { PATH: process.env['PATH'] ?? '', ...environment }, stdio: ['ignore', 'pipe', 'inherit'] })
      children.push(child)
      await once(child.stdout, 'data')
    },
    async stopped() {
      const [child] = children.splice(0)
      if (child === undefined) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      // As a place does with what was only its own copy.
      await rm(file, { force: true })
    },
  }
}

/** As a build writes it: without types, one line lower, and with a map of its lines inside. */
function built(typescript: string): string {
  const lines = typescript.split('\n').length
  const map = { version: 3, sources: ['../src/main.ts'], names: [], mappings: `;AAAA${';AACA'.repeat(lines - 1)}` }
  return `// built\n${stripTypeScriptTypes(typescript)}\n${running}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}\n`
}

async function measured(copied: Readonly<Record<string, string>>, main: string, more: { readonly files?: Readonly<Record<string, string>>; readonly lcov?: string; readonly least?: number; readonly suite?: object } = {}): Promise<Asked> {
  const root = await repository({ 'apps/api/src/main.ts': api.replace('404', '500'), '.gitignore': 'dist\nlcov.info\n', 'package.json': '{ "type": "module" }', ...more.files })
  await git(root, 'init', '-q')
  await git(root, 'add', '.')
  await git(root, 'commit', '-qm', 'live')
  await put(root, { 'apps/api/src/main.ts': api })
  const copy = await temporary()
  await put(copy, { 'package.json': '{ "type": "module" }', ...copied })
  return askSuites({ suites: [{ name: 'api', command: 'true', ...(more.lcov !== undefined && { lcov: more.lcov }), ...more.suite }], coverage: { total: more.least ?? 80, changed: 80 } }, { root, services: [serviceOf(join(copy, main), await repository(copied))], liveCommit: (await git(root, 'rev-parse', 'HEAD')).trim() })
}

describe('coverage', () => {
  test('is of the lines of the repository that the running services ran, through their source maps, in all and of what is new', async () => {
    const { findings, coverage } = await measured({ 'apps/api/dist/main.js': built(api) }, 'apps/api/dist/main.js')
    expect(coverage).toEqual([{ total: { lines: 4, covered: 3 }, changed: { lines: 1, covered: 0 }, files: [{ file: 'apps/api/src/main.ts', lines: 4, covered: 3 }] }])
    expect(findings['suites.coverage']).toMatchObject([{ is: 'fail', finding: '75.0 % of the lines that were loaded ran (3 of 4; at least 80 %), and 0.0 % of the lines that are new or changed since what is live ran (0 of 1; at least 80 %)' }])
  })

  test('takes in what a suite measured itself', async () => {
    const { findings, coverage } = await measured({ 'apps/api/dist/main.js': built(api) }, 'apps/api/dist/main.js', { files: { 'lcov.info': 'SF:./apps/api/src/main.ts\nDA:7,2\nend_of_record\n' }, lcov: 'lcov.info' })
    expect(coverage).toMatchObject([{ total: { lines: 4, covered: 4 }, changed: { lines: 1, covered: 1 } }])
    expect(findings['suites.coverage']).toMatchObject([{ is: 'pass' }])
  })

  test('is of TypeScript that Node runs as it is', async () => {
    const { coverage } = await measured({ 'apps/api/src/main.ts': `${api}${running}` }, 'apps/api/src/main.ts')
    expect(coverage).toMatchObject([{ changed: { lines: 1, covered: 0 }, files: [{ file: 'apps/api/src/main.ts' }] }])
  })

  test('that cannot be led back to source is said not to have been measured', async () => {
    const { findings, coverage } = await measured({ 'apps/api/dist/main.js': running }, 'apps/api/dist/main.js')
    expect(findings['suites.coverage']).toMatchObject([{ is: 'skipped', finding: expect.stringContaining('without source maps') }])
    expect(coverage).toEqual([])
  })

  test('is not taken while a suite measures, and says so where no other was run', async () => {
    const { findings, coverage } = await measured({ 'apps/api/dist/main.js': built(api) }, 'apps/api/dist/main.js', { suite: { coverage: false } })
    expect(findings['suites.coverage']).toMatchObject([{ is: 'skipped', finding: 'Coverage was not measured: no suite was run that counts' }])
    expect(coverage).toEqual([])
  })

  test('of a service that does not end by itself is said not to have been measured', async () => {
    const { findings } = await measured({ 'apps/api/dist/main.js': 'setInterval(() => undefined, 1000); console.log("ready")' }, 'apps/api/dist/main.js')
    expect(findings['suites.coverage']).toMatchObject([{ is: 'skipped', finding: expect.stringContaining('api did not end by itself on SIGTERM') }])
  })
})

test('a report in lcov’s form counts the repository’s files only', () => {
  const own = { at: (path: string) => (path.endsWith('a.ts') ? 'src/a.ts' : undefined) }
  expect([...lcovLines('TN:\nSF:/x/src/a.ts\nFN:1,f\nDA:1,1\nDA:2,0\nDA:2,3\nDA:1,0\nDA:nonsense\nend_of_record\nDA:9,9\nSF:other\nDA:1,1\n', own)]).toEqual([['src/a.ts', new Map([[1, true], [2, true]])]])
})
