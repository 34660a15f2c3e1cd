import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Client } from '@plimsoll/client'
import { contract, type Release } from '@plimsoll/model'
import { z } from 'zod'
import type { Session } from './session.ts'

const missingSchema = z.object({ missing: z.array(z.string()).min(1) })

/**
 * Asks a person at a terminal for the values (`sync: false`) that a release was missing, and keeps them.
 * True when all were given, so that another attempt makes sense; where nobody can be asked, false.
 */
export async function askForMissing({ client, session }: { readonly client: Client; readonly session: Session }, release: Release, { json }: { readonly json: boolean }): Promise<boolean> {
  const problem = release.outcome?.is === 'undone' ? release.outcome.problem : undefined
  if (problem?.code !== 'VALUE_MISSING' || json || !session.out.isTTY || !process.stdin.isTTY) return false
  const read = missingSchema.safeParse(problem.details)
  if (!read.success) return false
  session.out.write('\nThe Blueprint leaves these values to you. They are kept on this machine, for this app.\n')
  const values: Record<string, string> = {}
  for (const key of read.data.missing) values[key] = await askSecretly(session, key)
  if (Object.values(values).some((value) => value === '')) return false
  await client.call(contract.setValues, { params: { app: release.app }, body: { values } })
  return true
}

/** What is typed is not shown. */
async function askSecretly({ out, interrupted }: Session, key: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  out.write(`  ${key}: `)
  try {
    return await lines.question('', { signal: interrupted })
  } finally {
    lines.close()
    out.write('\n')
  }
}
