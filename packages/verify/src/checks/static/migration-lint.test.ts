import { expect, test } from 'vitest'
import { manualClock } from '@plimsoll/engine/fakes'
import { artifactOf, ask, liveOf, sayings, sourceReader, specOf, treeOf, type Tree } from '../../../test/fake-rehearsal.ts'
import { migrationLint } from './migration-lint.ts'

const first = { 'db/migrations/1_first.sql': 'CREATE TABLE orders (id int PRIMARY KEY, note varchar(20), total int);\nCREATE TABLE old_carts (id int);' }
const liveCode = { 'api/dist/main.js': 'db.query("select note from orders"); db.query("select * from old_carts")' }
const check = migrationLint({ readSource: sourceReader(), clock: manualClock({ startsAt: Date.parse('2026-11-27T00:00:00Z') }) })

/** Adds migrations to an app whose live release has the first one. */
async function lint(migrations: Tree, { live = { ...first, ...liveCode }, carried = true, paused }: { live?: Tree | undefined | 'nothing'; carried?: boolean; paused?: true } = {}) {
  const tree = { ...first, ...migrations }
  return ask(check, {
    source: { root: await treeOf(tree), blueprint: 'render.yaml', dirty: true },
    artifacts: { api: await artifactOf('api', carried ? tree : {}) },
    ...(paused && { paused }),
    live: live === 'nothing' ? undefined : liveOf(await artifactOf('api', live)),
  })
}

const second = (sql: string) => ({ 'db/migrations/2_second.sql': sql })

test.each([
  ['required-column', 'ALTER TABLE orders ADD COLUMN channel text NOT NULL'],
  ['volatile-default', 'ALTER TABLE orders ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid()'],
  ['volatile-default', 'ALTER TABLE orders ADD COLUMN n bigserial'],
  ['type-change', 'ALTER TABLE orders ALTER COLUMN total TYPE bigint'],
  ['type-change', 'ALTER TABLE orders ALTER COLUMN note TYPE varchar(10)'],
  ['rename', 'ALTER TABLE orders RENAME COLUMN note TO remark'],
  ['rename', 'ALTER TABLE public.orders RENAME TO purchases'],
  ['drop-column', 'ALTER TABLE orders DROP COLUMN note'],
  ['drop-table', 'DROP TABLE old_carts'],
  ['index-locks', 'CREATE INDEX orders_note ON orders (note)'],
  ['constraint-locks', 'ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES old_carts (id)'],
  ['constraint-locks', 'ALTER TABLE orders ADD CHECK (total >= 0)'],
  ['unique-locks', 'ALTER TABLE orders ADD CONSTRAINT one_note UNIQUE (note)'],
  ['not-null-locks', 'ALTER TABLE orders ALTER COLUMN note SET NOT NULL'],
  ['syntax', 'ALTER TABLE orders ADD COLUMN IF NOT EXIST x int'],
])('blocks by %s: %s', async (rule, sql) => {
  const findings = await lint(second(`-- é: bytes are not characters\n\n${sql};\n`))
  expect(sayings(findings).blocks).toEqual([expect.stringMatching(new RegExp(`^db/migrations/2_second.sql:3 ${rule}: `)) as string])
  expect(findings[0]).toMatchObject({ hint: expect.any(String) as string, reproduce: 'sed -n 3,3p db/migrations/2_second.sql' })
})

test.each([
  ['a column that may be empty', 'ALTER TABLE orders ADD COLUMN channel text'],
  ['a constant default', "ALTER TABLE orders ADD COLUMN channel text NOT NULL DEFAULT 'web', ADD COLUMN at timestamptz NOT NULL DEFAULT now()"],
  ['a wider type', 'ALTER TABLE orders ALTER COLUMN note TYPE text'],
  ['a column that the live release does not speak of', 'ALTER TABLE orders DROP COLUMN total'],
  ['an index beside the traffic', 'CREATE INDEX CONCURRENTLY orders_note ON orders (note)'],
  ['a constraint that is proven later', 'ALTER TABLE orders ADD CHECK (total >= 0) NOT VALID'],
  ['a unique index that is there', 'ALTER TABLE orders ADD CONSTRAINT one_note UNIQUE USING INDEX orders_note'],
  ['a proven NOT NULL', 'ALTER TABLE orders ADD CONSTRAINT set CHECK (note IS NOT NULL) NOT VALID; ALTER TABLE orders VALIDATE CONSTRAINT set; ALTER TABLE orders ALTER COLUMN note SET NOT NULL'],
  ['whatever it does to a table of its own', 'CREATE TABLE gifts (id int); CREATE INDEX gifts_id ON gifts (id); ALTER TABLE gifts ADD COLUMN n int NOT NULL; ALTER TABLE gifts ADD UNIQUE (n); DROP TABLE gifts'],
  ['a new name with a view under the old one', 'ALTER TABLE orders RENAME TO purchases; CREATE VIEW orders AS SELECT * FROM purchases'],
])('passes %s', async (_what, sql) => {
  expect(sayings(await lint(second(sql)))).toEqual({ blocks: [], advises: [], passes: ['One migration is new against release 7, and safe for the tables that are in use'] })
})

test('names the file of the live release that still speaks of a dropped column', async () => {
  expect(sayings(await lint(second('ALTER TABLE orders DROP COLUMN note;'))).blocks[0]).toContain('(api: api/dist/main.js)')
})

test('blocks nothing that is live already, and nothing at all where nothing is live', async () => {
  const risky = second('CREATE INDEX orders_note ON orders (note);')
  expect(sayings(await lint(risky, { live: { ...first, ...risky, ...liveCode } })).passes).toEqual(['No migration is new against release 7'])
  expect(sayings(await lint(risky, { live: 'nothing' })).passes).toEqual(['2 migrations are readable. Nothing is live, so every table is empty, and nothing that is done to it makes anybody wait'])
})

test('blocks a migration that was changed after its release, but not one that only got a comment', async () => {
  const live = { ...first, ...second('ALTER TABLE orders ADD COLUMN a int;'), ...liveCode }
  expect(sayings(await lint(second('ALTER TABLE orders ADD COLUMN a bigint;'), { live })).blocks[0]).toContain('2_second.sql:1 edited: ')
  expect(sayings(await lint(second('-- why\nALTER TABLE orders\n  ADD COLUMN a int;'), { live })).blocks).toEqual([])
})

test('only advises where no artifact carries the migrations, so that nobody knows which are new', async () => {
  expect(sayings(await lint(second('DROP TABLE old_carts;'), { carried: false }))).toMatchObject({ blocks: [], advises: [expect.stringContaining('drop-table') as string] })
})

test('asks the commit that is live where artifacts are all in their images', async () => {
  const tree = { ...first, ...second('DROP TABLE old_carts;') }
  const api = await artifactOf('api', {}, { commit: 'abc' })
  const read = sourceReader()
  const known = migrationLint({ clock: manualClock(), readSource: async (source) => (source.commit === 'abc' ? { ...(await read(source)), files: Object.keys(first) } : read(source)) })
  const live = { ...liveOf(api), specs: [specOf('api', { preDeployCommand: 'migrate' })] }
  const findings = await ask(known, { source: { root: await treeOf(tree), blueprint: 'render.yaml', dirty: true }, artifacts: { api }, live })
  expect(sayings(findings).blocks).toEqual([expect.stringContaining('the files of the live release are not here to look whether it does') as string])
})

test('takes an exemption with a day and a reason, until that day, for its own statement alone', async () => {
  const exempt = (until: string, rest = '') => second(`-- plimsoll: allow index-locks until ${until} because the table has nine rows\nCREATE INDEX a ON orders (id);${rest}`)
  expect(sayings(await lint(exempt('2026-11-27'))).blocks).toEqual([])
  expect(sayings(await lint(exempt('2026-11-26'))).blocks[0]).toContain('(its exemption ran out on 2026-11-26)')
  expect(sayings(await lint(exempt('2027-01-31', '\nCREATE INDEX b ON orders (id);'))).blocks).toEqual([expect.stringContaining('2_second.sql:3 index-locks') as string])
  expect(sayings(await lint(second('CREATE INDEX a ON orders (id); -- plimsoll: allow index-locks until 2027-01-31 because it is small'))).blocks).toEqual([])
  expect(sayings(await lint(second('-- plimsoll: allow index-locks because I say so\nCREATE INDEX a ON orders (id);'))).blocks).toHaveLength(1)
})

test('reads forwards only, and leaves SQL of other languages alone', async () => {
  expect(sayings(await lint({ 'db/migrations/2.down.sql': 'DROP TABLE orders;', ...second('ALTER TABLE orders ADD COLUMN a int;\n-- Down Migration\nALTER TABLE orders DROP COLUMN note;') })).blocks).toEqual([])
  expect(sayings(await lint(second('ALTER TABLE `orders` ADD `note2` text;'))).blocks).toEqual([])
})

test('what only the live release does not survive is advice to a release with a pause, and what fails by itself is not', async () => {
  const findings = await lint(second('ALTER TABLE orders DROP COLUMN note; ALTER TABLE old_carts RENAME TO carts; ALTER TABLE orders ADD COLUMN channel text NOT NULL;'), { paused: true })
  expect(sayings(findings).advises.map((each) => each.split(' ')[1])).toEqual(['drop-column:', 'rename:'])
  expect(sayings(findings).blocks.map((each) => each.split(' ')[1])).toEqual(['required-column:'])
})
