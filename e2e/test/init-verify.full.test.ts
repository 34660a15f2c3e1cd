import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { blocks, verificationEventSchema } from '@plimsoll/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStorefrontRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

/** Everything that Plimsoll or a container engine is told; what is left is a monorepo that knows of neither. */
const told = ['render.yaml', 'render.docker.yaml', 'plimsoll.config.ts', 'compose.yaml', 'compose.dev.yaml', '.dockerignore', 'docker', 'apps/api/Dockerfile', 'apps/help/Dockerfile', 'apps/web/Dockerfile', 'apps/worker/Dockerfile', 'apps/worker/expire-carts.Dockerfile']

let plimsoll: PlimsollHome
let repo: FixtureRepo
beforeEach(async () => {
  plimsoll = await createPlimsollHome({ PLIMSOLL_SKIP_VERIFY: '' })
  repo = await createStorefrontRepo(`${plimsoll.home}/repos/storefront`)
  for (const path of told) await rm(join(repo.directory, path), { recursive: true })
  await repo.git('commit', '-q', '-a', '-m', 'Nothing says how it runs')
})
afterEach(async () => {
  expect(await plimsoll.leave()).toEqual([])
})

test('a monorepo of Next.js, Fastify, a worker and a database goes from init to a verification that passes, without an edit', { timeout: 900_000 }, async () => {
  const run = (...args: readonly string[]) => plimsoll.run(args, { cwd: repo.directory })
  expect(await run('init', '--yes')).toMatchObject({ code: 0, out: expect.stringContaining('✓ render.yaml') })
  expect(await repo.git('status', '--porcelain')).toBe('?? render.yaml')
  expect(await run('check')).toMatchObject({ code: 0, out: '✓ render.yaml is right.\n' })
  await repo.git('add', '-A')
  await repo.git('commit', '-q', '-m', 'Say how it runs')
  const verified = await run('verify', '--json')
  const ends = verified.out.split('\n').filter((line) => line.startsWith('{')).flatMap((line) => {
    const read = verificationEventSchema.safeParse(JSON.parse(line))
    return read.data?.event === 'end' ? [read.data.data] : []
  })
  expect(ends).toHaveLength(1)
  expect(ends.flatMap(({ checks }) => checks.flatMap(({ verdicts }) => verdicts)).filter(blocks)).toEqual([])
  expect(verified.code).toBe(0)
})
