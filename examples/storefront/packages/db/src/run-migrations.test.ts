import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { after, before, suite, test } from 'node:test'
import pg from 'pg'
import { runMigrations } from './run-migrations.ts'

const server = process.env['DATABASE_URL']

suite('migrations, on a real database', { skip: server ? false : 'DATABASE_URL is not set' }, () => {
  const database = `storefront_migrations_${process.pid}`
  const admin = new pg.Client({ connectionString: server })
  let folder: string
  let run: () => Promise<string[]>

  before(async () => {
    await admin.connect()
    await admin.query(`CREATE DATABASE ${database}`)
    const url = new URL(server ?? '')
    url.pathname = `/${database}`
    folder = await mkdtemp(join(tmpdir(), 'migrations-'))
    const directory = pathToFileURL(`${folder}/`)
    run = () => runMigrations({ connectionString: url.href, directory, log: () => undefined })
    await writeFile(join(folder, '1.sql'), 'CREATE TABLE ports (name text)')
  })

  after(async () => {
    await admin.query(`DROP DATABASE ${database}`)
    await admin.end()
    await rm(folder, { recursive: true })
  })

  test('two runs at once apply every migration once', async () => {
    const runs = await Promise.all([run(), run()])
    assert.deepEqual(runs.flat(), ['1.sql'])
  })

  test('a migration that fails leaves nothing behind, and can be mended', async () => {
    await writeFile(join(folder, '2.sql'), 'CREATE TABLE boats (name text); SELECT broken')
    await assert.rejects(run(), { message: '2.sql failed and was rolled back' })
    await writeFile(join(folder, '2.sql'), 'CREATE TABLE boats (name text)')
    assert.deepEqual(await run(), ['2.sql'])
  })

  test('a migration that was changed after it had been applied is refused', async () => {
    await writeFile(join(folder, '1.sql'), 'CREATE TABLE harbours (name text)')
    await assert.rejects(run(), { message: /^1\.sql was changed/ })
  })
})
