import { packageManifestSchema, type Workspace } from '../workspace.ts'
import { describe, expect, test } from 'vitest'
import { analyseCommand } from './command-analysis.ts'

const member = (directory: string, name: string, manifest: object = {}) => ({ directory, name, manifest: packageManifestSchema.parse({ name, ...manifest }) })
const workspace: Workspace = {
  root: member('', 'root', { scripts: { build: 'turbo run build', migrate: 'pnpm --filter @x/db migrate', loop: 'pnpm loop' } }),
  packages: [
    member('apps/api', '@x/api', { scripts: { start: 'node --enable-source-maps dist/main.js', prestart: 'node dist/check.js' } }),
    member('apps/web', '@x/web', { scripts: { start: 'next start' } }),
    member('packages/db', '@x/db', { scripts: { migrate: 'node dist/migrate.js' } }),
  ],
}

function scopes(line: string, cwd = ''): string[][] {
  return analyseCommand(line, workspace, cwd).invocations.map(({ scope }) => (scope === 'all' ? ['all'] : scope.map((one) => one.name)))
}

function programs(line: string, cwd = ''): string[] {
  return analyseCommand(line, workspace, cwd).invocations.map((one) => `${one.cwd}: ${[one.program, ...one.args].join(' ')}`)
}

describe('analyseCommand', () => {
  test.each([
    ['pnpm install --frozen-lockfile && pnpm turbo run build --filter=@x/api...', [['@x/api']]],
    ['pnpm i; npx turbo build --filter @x/api --filter=./apps/web', [['@x/api', '@x/web']]],
    ['pnpm exec turbo run @x/web#build', [['@x/web']]],
    ['turbo run build --filter={./apps/*}', [['@x/api', '@x/web']]],
    ['turbo run build --filter=...@x/db', [['all']]],
    ['turbo run build --filter=[main]', [['all']]],
    ['pnpm install && pnpm build', [['all']]],
    ['pnpm -r build', [['all']]],
    ['pnpm --filter @x/nowhere build', [['all']]],
    ['cd apps/web && tsc -p .', [['@x/web']]],
    ['node packages/db/dist/migrate.js', [['@x/db']]],
    ['tsc --project=apps/api/tsconfig.json', [['@x/api']]],
    ['npm run start -w apps/api', [['@x/api'], ['@x/api']]],
    ['yarn workspace @x/api start', [['@x/api'], ['@x/api']]],
  ])('tells which packages %j is for', (line, expected) => {
    expect(scopes(line)).toEqual(expected)
  })

  test('follows package scripts, with what runs before them, to the program that runs', () => {
    expect(programs('pnpm --filter @x/api start')).toEqual(['apps/api: node dist/check.js', 'apps/api: node --enable-source-maps dist/main.js'])
    expect(programs('pnpm -C apps/api start')).toEqual(programs('pnpm --filter=api run start'))
    expect(programs('pnpm migrate')).toEqual(['packages/db: node dist/migrate.js'])
    expect(programs('npm start', 'apps/web')).toEqual(['apps/web: next start'])
  })

  test('says so when a line cannot be followed', () => {
    const understood = (line: string) => analyseCommand(line, workspace, '').understood
    expect(understood('node apps/api/dist/main.js')).toBe(true)
    expect(understood('NODE_OPTIONS="--max-old-space-size=512" exec node apps/api/dist/main.js 2>&1')).toBe(true)
    expect(understood('node $(cat entry)')).toBe(false)
    expect(understood('if true; then node x.js; fi')).toBe(false)
    expect(understood('cd "$DIR" && node x.js')).toBe(false)
    expect(understood('(cd apps/api && node x.js)')).toBe(false)
    expect(understood('pnpm loop')).toBe(false)
  })
})
