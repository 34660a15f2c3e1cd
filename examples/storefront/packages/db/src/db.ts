export type { Pool, PoolClient } from 'pg'
export { listen, type Listener } from './listen.ts'
export { createPool, withTransaction } from './pool.ts'
export { runMigrations } from './run-migrations.ts'
