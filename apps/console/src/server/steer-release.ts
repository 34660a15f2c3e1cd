'use server'

import { appNameSchema, contract, releaseNumberSchema, type Problem } from '@plimsoll/model'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { paths } from '../paths.ts'
import { askApi } from './ask-api.ts'
import { refusal } from './refusal.ts'

// What a browser sends is only a claim: whoever can reach the port can call an action with anything.
const asked = z.object({ app: z.string().min(1), release: z.number().int().positive() })

/** Stops a release that runs. Gives the problem if that could not be asked for; the page learns the rest from the release itself. */
export async function interruptRelease(app: string, release: number): Promise<Problem | undefined> {
  const params = asked.parse({ app, release })
  const refused = await refusal()
  if (refused !== undefined) return refused
  const answer = await askApi(contract.interrupt, { params })
  return answer.is === 'problem' ? answer.problem : undefined
}

/** Lets a warm release serve again, and shows how that goes. */
export async function goBackTo(app: string, release: number): Promise<Problem | undefined> {
  const params = asked.parse({ app, release })
  const refused = await refusal()
  if (refused !== undefined) return refused
  const answer = await askApi(contract.rollBack, { params, body: { to: release } })
  if (answer.is === 'problem') return answer.problem
  return redirect(paths.release(app, answer.value.number))
}

const promoted = z.object({ from: appNameSchema, to: appNameSchema, release: releaseNumberSchema, domains: z.boolean().optional() })

/** Has the artifacts that are live in one app go live in another, and shows how that goes. */
export async function promoteTo(wish: z.input<typeof promoted>): Promise<Problem | undefined> {
  const { from, to, release, domains } = promoted.parse(wish)
  const refused = await refusal()
  if (refused !== undefined) return refused
  const answer = await askApi(contract.promote, { params: { app: to }, body: { from, release, ...(domains !== undefined && { domains }) } })
  if (answer.is === 'problem') return answer.problem
  return redirect(paths.release(to, answer.value.number))
}
