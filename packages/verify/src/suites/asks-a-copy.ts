import type { Suite } from '@plimsoll/testing/config-schema'

/** Whether a suite is run against a copy of the app. One that says that it needs no service and no database is run at once, and beside whatever else is asked. */
export function asksACopy({ needs }: Pick<Suite, 'needs'>): boolean {
  return needs.services === undefined || needs.services.length > 0 || needs.databases.length > 0
}
