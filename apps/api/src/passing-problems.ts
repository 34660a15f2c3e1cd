import type { ErrorCode } from '@plimsoll/model'

/** What ends by itself, or by somebody who makes room: who meets it waits, and tries again. */
export const passing: ReadonlySet<ErrorCode> = new Set(['DATABASE_DOWN', 'DISK_FULL', 'EDGE_DOWN'])
