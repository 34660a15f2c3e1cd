import type { ErrorCode } from '@plimsoll/model'

/** What ends by itself, or by somebody who makes room or starts an engine: who meets it waits, and tries again. */
export const passing: ReadonlySet<ErrorCode> = new Set(['DATABASE_DOWN', 'DISK_FULL', 'EDGE_DOWN', 'ENGINE_DOWN', 'RENDER_DOWN'])

/** Those of them that are started again by others within a second or two. Room is made by a person, and Render was asked for minutes already. */
export const returning: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['DATABASE_DOWN', 'EDGE_DOWN', 'ENGINE_DOWN'])
