import { posix } from 'node:path'
import type { ProgramVariable } from '../program/variables-of.ts'
import type { WorkspacePackage } from '../workspace.ts'
import { dependencyOf, inManifest } from './in-manifest.ts'
import { filesIn } from './next-app.ts'
import type { ReadRepository } from './read-repository.ts'

/** A database or key-value store that a program connects to. */
export interface FoundStore {
  /** The library by which it is known: `pg`. */
  readonly library: string
  readonly from: string
}

const postgres = ['pg', 'postgres', '@prisma/client', 'prisma', 'drizzle-orm', 'kysely', 'knex', '@fastify/postgres', 'typeorm', 'sequelize', 'slonik', 'pg-promise', '@mikro-orm/postgresql', '@neondatabase/serverless', 'pg-boss', 'graphile-worker']
const keyValue = ['ioredis', 'redis', '@redis/client', 'bullmq', '@fastify/redis', 'bee-queue', 'iovalkey']

/** The library by which one of `packages` speaks to PostgreSQL. */
export function databaseIn(packages: readonly WorkspacePackage[]): FoundStore | undefined {
  return libraryIn(packages, postgres)
}

/** The library by which one of `packages` speaks to Redis or Valkey. */
export function keyValueIn(packages: readonly WorkspacePackage[]): FoundStore | undefined {
  return libraryIn(packages, keyValue)
}

function libraryIn(packages: readonly WorkspacePackage[], libraries: readonly string[]): FoundStore | undefined {
  for (const one of packages) {
    const library = dependencyOf(one, libraries)
    if (library !== undefined) return { library, from: inManifest(one, `dependencies.${library}`) }
  }
  return undefined
}

export interface PrismaSchema {
  readonly file: string
  readonly package: WorkspacePackage
  /** `postgresql`, and others that are none. */
  readonly provider: string
  readonly url: ProgramVariable | undefined
  readonly hasMigrations: boolean
}

/** The Prisma schema of one of `packages`. Its client reads the variables that it names, which no source does. */
export async function prismaSchemaIn({ files, text }: ReadRepository, packages: readonly WorkspacePackage[]): Promise<PrismaSchema | undefined> {
  for (const one of packages) {
    const own = filesIn(files, one).filter((file) => file.endsWith('.prisma') && !file.includes('node_modules/'))
    for (const relative of own) {
      const file = posix.join(one.directory, relative)
      const schema = (await text(file)) ?? ''
      const provider = /datasource\s+\w+\s*\{[^}]*?provider\s*=\s*"(\w+)"/s.exec(schema)?.[1]
      if (provider === undefined) continue
      const url = /\burl\s*=\s*env\("(\w+)"\)/.exec(schema)
      const line = url === null ? 1 : schema.slice(0, url.index).split('\n').length
      return {
        file, package: one, provider,
        url: url?.[1] === undefined ? undefined : { key: url[1], need: { is: 'required', because: 'names it as the address of the database' }, file, line },
        hasMigrations: [...files].some((each) => each.startsWith(`${posix.dirname(file)}/migrations/`)),
      }
    }
  }
  return undefined
}
