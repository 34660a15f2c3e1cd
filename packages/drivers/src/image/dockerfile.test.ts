import { createRequire } from 'node:module'
import { packageManifestSchema } from '@plimsoll/repository'
import { expect, test } from 'vitest'
import { dockerfile, tracer } from './dockerfile.ts'
import type { ImagePlan, NodeProgram } from './image-plan.ts'

const program: NodeProgram = { is: 'program', args: ['apps/api/dist/main.js'], cwd: '', entries: ['apps/api/dist/main.js', 'packages/db/dist/migrate.js'], nextServer: undefined, nextApp: undefined, health: { path: '/healthz' } }
const api: ImagePlan = {
  service: 'api', runs: program, target: { directory: 'apps/api', name: '@shop/api', manifest: packageManifestSchema.parse({}) },
  node: '24', pnpm: '12.21.0', turbo: '2.11.11', rootFiles: ['tsconfig.base.json'], rootDirectories: ['scripts'], rootDir: '', build: 'pnpm turbo run build --filter=@shop/api...', nextDirectories: [], publicNames: [],
}
const server = 'apps/web/.next/standalone/apps/web'
const web: ImagePlan = { ...api, runs: { ...program, args: [`${server}/server.js`], entries: [`${server}/server.js`], nextServer: server }, nextDirectories: ['apps/web/.next'], publicNames: ['NEXT_PUBLIC_A'] }
const worker: ImagePlan = { ...api, runs: { ...program, health: undefined } }
const site: ImagePlan = { ...api, runs: { is: 'site', directory: 'apps/help/dist' } }
const plain: ImagePlan = { ...api, turbo: undefined }

/** Without comments; lines that go on are one. */
const instructions = (plan: ImagePlan) => dockerfile(plan).replaceAll(/\\\n\s*/g, '').split('\n').filter((line) => line !== '' && !line.startsWith('#'))
const last = (plan: ImagePlan) => instructions(plan).slice(instructions(plan).findLastIndex((line) => line.startsWith('FROM')))

test.each([['api', api], ['web', web], ['worker', worker], ['site', site], ['plain', plain]])('the Dockerfile of %s holds nothing that Engine 20.10 does not understand, and nothing of ours', (_, plan) => {
  const text = dockerfile(plan)
  expect(text).not.toMatch(/<<|--link|# syntax=|--exclude|--parents|--start-interval/)
  expect(text.toLowerCase()).not.toContain('plimsoll')
})

test.each([['api', api], ['web', web], ['worker', worker]])('the image of %s starts Node as its first process, as no root, and has no command of a shell', (_, plan) => {
  const stage = last(plan)
  expect(stage).toContain('FROM ${RUNTIME_BASE}')
  expect(stage).toContain('USER ${RUNTIME_USER}')
  expect(stage).toContain('ENTRYPOINT []')
  expect(stage.find((line) => line.startsWith('CMD'))).toMatch(/^CMD \["node",/)
  expect(stage.filter((line) => line.startsWith('RUN'))).toEqual([])
  expect(stage.find((line) => line.startsWith('ENV'))).toContain('HOSTNAME=0.0.0.0')
})

test('health is asked after by Node itself, and only where something listens', () => {
  expect(last(api).find((line) => line.startsWith('HEALTHCHECK'))).toMatch(/CMD \["node","-e","fetch.*\/healthz/)
  expect(last({ ...api, runs: { ...program, health: { path: undefined } } }).find((line) => line.startsWith('HEALTHCHECK'))).toMatch(/CMD \["node","-e",".*connect/)
  // Not even NONE: Compose would take that for one that never answers.
  expect(dockerfile(worker)).not.toContain('HEALTHCHECK')
})

test('packages are installed from the manifests alone, before any source is there', () => {
  const lines = instructions(api)
  const at = (start: string) => lines.findIndex((line) => line.startsWith(start))
  expect(at('COPY --from=pruned /pruned/json/')).toBeLessThan(lines.findIndex((line) => line.includes('pnpm install --frozen-lockfile')))
  expect(lines.findIndex((line) => line.includes('pnpm install --frozen-lockfile'))).toBeLessThan(at('COPY --from=pruned /pruned/full/'))
})

test('what the root has of its own comes along, whatever its name', () => {
  const pruned = (plan: ImagePlan) => instructions(plan).find((line) => line.includes('turbo prune'))
  expect(pruned(api)).toMatch(/ && cp -a tsconfig\.base\.json scripts \/pruned\/full\/$/)
  expect(pruned({ ...api, rootFiles: ["it's a.json"], rootDirectories: [] })).toMatch(/ && cp -a 'it'\\''s a\.json' \/pruned\/full\/$/)
  expect(pruned({ ...api, rootFiles: [], rootDirectories: [] })).toMatch(/ --out-dir \/pruned$/)
})

test('values come as arguments where browsers see them anyway, and as a secret otherwise', () => {
  const lines = instructions(web)
  expect(lines.filter((line) => line.startsWith('ARG'))).toEqual(expect.arrayContaining(['ARG NEXT_DEPLOYMENT_ID', 'ARG NEXT_PUBLIC_A', 'ARG ENVIRONMENT_DIGEST']))
  expect(lines.find((line) => line.includes('turbo run build'))).toContain('--mount=type=secret,id=env')
})

test('Next.js may write beside its files, other programs may not', () => {
  const copied = (plan: ImagePlan) => last(plan).filter((line) => line.startsWith('COPY'))
  expect(copied(web)).toEqual(['installed', 'built'].map((layer) => `COPY --from=build --chown=\${RUNTIME_USER} /production/${layer}/ /`))
  expect(copied(api)).toEqual(['installed', 'built'].map((layer) => `COPY --from=build /production/${layer}/ /`))
})

test('the tool that traces is the one that traces for processes, and comes only where something is traced', () => {
  const { version } = createRequire(import.meta.url)('@vercel/nft/package.json') as { version: string }
  expect(tracer).toBe(`@vercel/nft@${version}`)
  expect(dockerfile(api)).toContain(tracer)
  for (const plan of [web, site]) expect(dockerfile(plan)).not.toContain(tracer)
})

test('without Turborepo the packages are chosen by pnpm', () => {
  expect(dockerfile(plain)).not.toContain('turbo prune')
  expect(dockerfile(plain)).toContain('pnpm install --frozen-lockfile --filter @shop/api...')
})
