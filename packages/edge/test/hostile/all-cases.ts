import { answers } from './cases/answers.ts'
import { chunks } from './cases/chunks.ts'
import { connections } from './cases/connections.ts'
import { fields } from './cases/fields.ts'
import { forwarding } from './cases/forwarding.ts'
import { framing } from './cases/framing.ts'
import { hosts } from './cases/hosts.ts'
import { requestLines } from './cases/request-lines.ts'
import { retries } from './cases/retries.ts'
import { sizes } from './cases/sizes.ts'
import type { HostileCase } from './hostile-case.ts'

/** The whole table, by what its cases are about. */
export const allCases: Readonly<Record<string, readonly HostileCase[]>> = {
  'request lines': requestLines,
  hosts,
  framing,
  chunks,
  fields,
  forwarding,
  connections,
  sizes,
  answers,
  retries,
}
