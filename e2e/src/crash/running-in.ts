import type { Running } from './world-place.ts'

/** How many sockets are listened on in all. */
export function listensIn(running: readonly Running[]): number {
  return new Set(running.flatMap(({ listens }) => listens)).size
}

/** What runs, by role, as often as it does. The servers of the database are one. */
export function rolesIn(running: readonly Running[]): string[] {
  const roles = running.map(({ role }) => role)
  return [...roles.filter((role) => role !== 'database'), ...(roles.includes('database') ? ['database'] : [])].toSorted()
}
