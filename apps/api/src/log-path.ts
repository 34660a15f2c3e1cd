import { join } from 'node:path'

/** Where the API of `home` writes its own log. */
export function logPath(home: string): string {
  return join(home, 'api/api.log')
}
