import { expect, test } from 'vitest'
import { blueprintSchema } from '@plimsoll/model'
import { ask, sayings, sourceReader, treeOf } from '../../../test/fake-rehearsal.ts'
import { literalSecrets } from './literal-secrets.ts'

const at = { line: 12, column: 9 }
const check = literalSecrets({ readBlueprint: (text) => ({ blueprint: blueprintSchema.parse(JSON.parse(text)), diagnostics: [] }), readSource: sourceReader(), looksSecret: (key) => /SECRET|TOKEN|PASSWORD$/.test(key) })

function blueprint(values: Record<string, string>, group: Record<string, string> = {}): string {
  const entries = (from: Record<string, string>) => Object.entries(from).map(([key, value]) => ({ is: 'value', key, value, at }))
  return JSON.stringify({ file: 'render.yaml', services: [{ name: 'api', kind: 'web', runtime: 'node', at, env: entries(values), buildEnv: [], domains: [] }], databases: [], groups: [{ name: 'internal', at, env: entries(group) }], environments: [] })
}

test.each([
  ['by its name', { SESSION_SECRET: 'correct-horse-battery' }, 'SESSION_SECRET of api holds a secret'],
  ['by its form, whatever its name', { PAYMENTS: 'sk_live_0123456789abcdefABCD' }, 'PAYMENTS of api holds a Stripe key'],
  ['in an address', { CACHE: 'redis://shop:hunter2hunter2@cache.example.com:6379' }, 'CACHE of api holds an address with its password'],
])('blocks on a secret that is known %s, and never shows it', async (_how, values, said) => {
  const findings = await ask(check, { blueprint: blueprint(values) })
  expect(sayings(findings).blocks).toEqual([`render.yaml:12 ${said} in plain sight: everybody who can read the repository has it`])
  expect(JSON.stringify(findings)).not.toContain(Object.values(values)[0])
})

test('finds one in a group, and says how it is set outside of the file', async () => {
  const [finding] = await ask(check, { blueprint: blueprint({}, { INTERNAL_TOKEN: 'abcdefghijklmnop' }) })
  expect(finding).toMatchObject({ is: 'fail', hint: expect.stringContaining('plimsoll env set group:internal/INTERNAL_TOKEN=…') as string })
})

test('advises where only the name speaks for it', async () => {
  expect(sayings(await ask(check, { blueprint: blueprint({ DB_PASSWORD: 'shop', CACHE: 'redis://a:b@localhost:6379' }) }))).toMatchObject({ blocks: [], advises: [expect.any(String), expect.any(String)] })
})

test('passes settings that have such a name, places where a secret lies, and everything else', async () => {
  const values = { MAX_TOKEN: '4096', USE_SECRET: 'true', CA_SECRET: '/etc/secrets/ca.pem', LOG_LEVEL: 'info', NEXT_PUBLIC_URL: 'https://shop.example.com' }
  expect(sayings(await ask(check, { blueprint: blueprint(values) })).passes).toEqual(['None of the 5 values in render.yaml looks like a secret'])
})

test('finds one in an .env file that a build gets to see, and asks less of one for development; examples are none', async () => {
  const root = await treeOf({
    'apps/web/.env.production': '# Mail\nNEXT_PUBLIC_A=1\nexport SMTP_PASSWORD="correct horse"\n', '.env.development': 'DB_PASSWORD=correct-horse\n', '.env.example': 'API_TOKEN=abcdefghijkl\n', 'src/env.ts': 'SECRET=abcdefghijk',
  })
  const findings = await ask(check, { blueprint: blueprint({}), source: { root, blueprint: 'render.yaml', dirty: true } })
  expect(sayings(findings)).toEqual({
    blocks: ['apps/web/.env.production:3 SMTP_PASSWORD holds a secret in plain sight: everybody who can read the repository has it'],
    advises: ['.env.development:1 DB_PASSWORD holds a secret in plain sight: everybody who can read the repository has it'], passes: [],
  })
  expect(JSON.stringify(findings)).not.toContain('correct')
})
