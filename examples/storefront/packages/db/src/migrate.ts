import { runMigrations } from './run-migrations.ts'

const connectionString = process.env['DATABASE_URL']
if (!connectionString) {
  console.error('DATABASE_URL is not set: nothing to migrate')
  process.exit(1)
}

try {
  const applied = await runMigrations({
    connectionString,
    directory: new URL('../migrations/', import.meta.url),
    log: (line) => console.log(line),
  })
  console.log(applied.length === 0 ? 'the schema is up to date' : `${applied.length} applied`)
} catch (error) {
  console.error(error)
  process.exit(1)
}
