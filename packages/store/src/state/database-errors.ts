import { PlimsollError } from '@plimsoll/model'
import pg from 'pg'
import { codeOf } from '../postgres/code-of.ts'

/**
 * What went wrong with the database, as a person can act on it. Answers of a healthy server
 * (a broken constraint, a wrong statement) come back unchanged: their caller knows what they mean.
 */
export function explainDatabaseError(error: unknown, where: string): unknown {
  if (error instanceof PlimsollError || error instanceof TypeError) return error
  const code = codeOf(error)
  if (code === '53100' || code === 'ENOSPC') return new PlimsollError('DISK_FULL', `The disk of the database at ${where} is full`, { hint: `Free some space${dfOf(where)}`, cause: error })
  // What is not an answer of the server is the loss of it; pg gives those errors no code.
  if (error instanceof pg.DatabaseError && !saysDown(code ?? '')) return error
  return new PlimsollError('DATABASE_DOWN', `The database at ${where} does not answer${code === undefined ? '' : ` (${code})`}`, {
    hint: patienceHint(where),
    cause: error,
  })
}

/** SQLSTATE: connection trouble, wrong credentials, no such database, no connection left, being shut down. */
function saysDown(code: string): boolean {
  return ['08', '28', '3D', '57P'].some((group) => code.startsWith(group)) || code === '53300'
}

function dfOf(where: string): string {
  const root = rootOf(where)
  return root === undefined ? ' on the disk of the database: df -h' : `: df -h ${root}`
}

function patienceHint(where: string): string {
  // Only the embedded server is reached by a socket.
  if (!where.startsWith('/')) return 'Check that the server runs and that DATABASE_URL is right.'
  const root = rootOf(where)
  return `Plimsoll starts it again by itself: try once more in a moment.${root === undefined ? '' : ` Its log: ls -t ${root}/log`}`
}

/** The directory of the embedded server; undefined where its socket had to lie elsewhere, and for every other server. */
function rootOf(where: string): string | undefined {
  return /^(\/.*)\/run:\d+\//.exec(where)?.[1]
}
