import { blocks, verificationEventSchema, type Verdict } from '@plimsoll/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRepoOf } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'
import { lockDependencies, prismaMonorepo, smallMonorepo, type MonorepoFiles } from '../src/plimsoll/small-monorepo.ts'

let plimsoll: PlimsollHome
beforeEach(async () => {
  plimsoll = await createPlimsollHome({ PLIMSOLL_SKIP_VERIFY: '' })
})
afterEach(async () => {
  expect(await plimsoll.leave()).toEqual([])
})

interface Shape {
  readonly files: MonorepoFiles
  /** What writes the lockfile. */
  readonly lock: readonly string[]
}

const shapes: Readonly<Record<string, Shape>> = {
  'npm workspaces': { files: smallMonorepo({}), lock: ['npm', 'install', '--package-lock-only', '--no-audit', '--no-fund'] },
  'npm workspaces with Prisma': { files: prismaMonorepo(), lock: ['npm', 'install', '--package-lock-only', '--no-audit', '--no-fund'] },
  'Yarn workspaces of the first line': { files: smallMonorepo({}), lock: ['npx', '--yes', 'yarn@1.22.22', 'install', '--ignore-scripts', '--ignore-engines', '--non-interactive'] },
  'Yarn workspaces of today, with node_modules': {
    files: smallMonorepo({ '.yarnrc.yml': 'nodeLinker: node-modules\nenableTelemetry: false\n' }, { root: { packageManager: 'yarn@4.18.1' } }),
    lock: ['npx', '--yes', '--package=@yarnpkg/cli-dist@4.18.1', 'yarn', 'install', '--mode=update-lockfile'],
  },
}

test.each(Object.entries(shapes))('%s go from init to a verification that passes, without an edit', { timeout: 900_000 }, async (_, { files, lock }) => {
  const repo = await createRepoOf(`${plimsoll.home}/repos/small-shop`, files)
  await lockDependencies(repo.directory, lock)
  await repo.git('add', '-A')
  await repo.git('commit', '-q', '-m', 'A lockfile')
  const run = (...args: readonly string[]) => plimsoll.run(args, { cwd: repo.directory })
  expect(await run('init', '--yes')).toMatchObject({ code: 0, out: expect.stringContaining('✓ render.yaml') })
  expect(await run('check')).toMatchObject({ code: 0 })
  await repo.git('add', '-A')
  await repo.git('commit', '-q', '-m', 'Say how it runs')
  const verified = await run('verify', '--json')
  expect(verdictsIn(verified.out).filter(blocks), verified.out.slice(-4000) + verified.err).toEqual([])
  expect(verdictsIn(verified.out).find(({ check }) => check === 'boot.start')).toMatchObject({ is: 'pass' })
  expect(verified.code, verified.out.slice(-4000)).toBe(0)
})

function verdictsIn(out: string): Verdict[] {
  return out.split('\n').filter((line) => line.startsWith('{')).flatMap((line) => {
    const { data } = verificationEventSchema.safeParse(JSON.parse(line))
    return data?.event === 'end' ? data.data.checks.flatMap(({ verdicts }) => verdicts) : []
  })
}
