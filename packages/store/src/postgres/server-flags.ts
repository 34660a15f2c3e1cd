import type { Ground } from './ground.ts'

/** What the server is told on its command line: nothing depends on a postgresql.conf that somebody may edit. */
export function serverFlags(ground: Pick<Ground, 'data' | 'log' | 'hba' | 'socketDirectory' | 'port'>, durable: boolean): string[] {
  const settings: Record<string, string> = {
    ...placeSettings(ground),
    ...sizeSettings,
    ...logSettings(ground.log),
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  return ['-D', ground.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

function placeSettings(ground: Pick<Ground, 'hba' | 'socketDirectory' | 'port'>): Record<string, string> {
  return {
    hba_file: ground.hba,
    port: String(ground.port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: ground.socketDirectory,
    unix_socket_permissions: '0700',
    // The bundled OpenSSL is old; nothing leaves this machine anyway.
    ssl: 'off',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    // Without it the lock of a client that was killed inside a query stays held until the query ends.
    client_connection_check_interval: '500',
  }
}

const sizeSettings: Readonly<Record<string, string>> = {
  max_connections: '200',
  // Plimsoll is the only superuser: applications that use up their connections must not lock it out.
  superuser_reserved_connections: '24',
  shared_buffers: '64MB',
  max_wal_size: '512MB',
  // Version 18 starts three I/O workers by default; at this size they cost memory and gain nothing.
  io_method: 'sync',
  max_logical_replication_workers: '0',
  jit: 'off',
}

function logSettings(directory: string): Record<string, string> {
  return {
    logging_collector: 'on',
    log_directory: directory,
    log_filename: 'postgresql-%Y%m%dT%H%M%S.log',
    log_file_mode: '0600',
    log_rotation_size: '8MB',
    log_rotation_age: '0',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] %q%u@%d ',
  }
}

/** Plimsoll comes in by the socket in its private directory, applications by TCP with a password, nobody else at all. */
export const accessRules = `# Written at every start; changes here are lost.
local all plimsoll trust
host  all plimsoll 0.0.0.0/0 reject
host  all all 127.0.0.1/32 scram-sha-256
`
