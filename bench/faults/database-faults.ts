import { edit, newFile, type Fault } from './fault.ts'

const next = (sql: string) => newFile('packages/db/migrations/0007_next.sql', `${sql}\n`)
const migrations = 'packages/db/src/run-migrations.ts'

/** What a migration does to those who are not migrated. */
export const databaseFaults: readonly Fault[] = [
  { id: 'column-renamed', what: 'a column is renamed that the live release reads', caughtBy: ['database.migration-lint', 'database.old-on-new'], edits: [next('ALTER TABLE products RENAME COLUMN position TO sort_order;'), edit('apps/api/src/resources/products.ts', 'ORDER BY position', 'ORDER BY sort_order'), edit('apps/api/src/resources/reports.ts', 'ORDER BY position', 'ORDER BY sort_order')] },
  { id: 'column-dropped', what: 'a column is dropped that the live release reads', caughtBy: ['database.migration-lint', 'database.old-on-new'], edits: [next('ALTER TABLE products DROP COLUMN position;'), edit('apps/api/src/resources/products.ts', 'ORDER BY position', 'ORDER BY name'), edit('apps/api/src/resources/reports.ts', 'ORDER BY position', 'ORDER BY name')] },
  { id: 'table-dropped', what: 'a table is dropped that the live release writes', caughtBy: ['database.migration-lint', 'database.old-on-new', 'database.shape'], edits: [next('DROP TABLE reviews;')] },
  { id: 'required-without-default', what: 'a new column is required and has no default', caughtBy: ['database.migration-lint'], edits: [next('ALTER TABLE orders ADD COLUMN channel text NOT NULL;')] },
  { id: 'type-changed', what: 'the type of a column changes, and its table is rewritten', caughtBy: ['database.migration-lint', 'database.migrate-live'], edits: [next('ALTER TABLE orders ALTER COLUMN total_cents TYPE bigint;')] },
  { id: 'made-required', what: 'a column becomes required without a check that was validated before', caughtBy: ['database.migration-lint'], edits: [next('ALTER TABLE idempotent_writes ALTER COLUMN body SET NOT NULL;')] },
  { id: 'index-locks', what: 'an index is made while writers wait', caughtBy: ['database.migration-lint'], edits: [next('CREATE INDEX reviews_rating ON reviews (rating);')] },
  { id: 'unique-on-old-data', what: 'old rows must be unique from now on', caughtBy: ['database.migration-lint'], edits: [next('ALTER TABLE reviews ADD CONSTRAINT reviews_once UNIQUE (author, body);')] },
  { id: 'foreign-key-validates', what: 'a foreign key checks all rows while writers wait', caughtBy: ['database.migration-lint'], edits: [next('ALTER TABLE order_lines ADD CONSTRAINT order_lines_product FOREIGN KEY (product_slug) REFERENCES products (slug);')] },
  { id: 'migration-broken', what: 'a migration has a mistake', caughtBy: ['database.migrate-empty', 'boot.start'], edits: [next('ALTER TABLE product ADD COLUMN colour text;')] },
  { id: 'migration-locks-long', what: 'a migration holds a table for seconds', caughtBy: ['database.migrate-live'], edits: [next('LOCK TABLE products IN ACCESS EXCLUSIVE MODE;\nSELECT pg_sleep(3);')] },
  { id: 'not-twice', what: 'the migrations cannot be run a second time', caughtBy: ['database.migrate-twice'], edits: [edit(migrations, 'if (known === undefined) {', 'if (known === undefined || migration.name.startsWith(\'0005\')) {')] },
  { id: 'two-migrators', what: 'two migrators at once get in each other\'s way', caughtBy: ['database.two-migrators'], edits: [edit(migrations, "    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY])\n", '    if (LOCK_KEY < 0) return []\n')] },
]
