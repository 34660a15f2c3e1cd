'use server'

import { contract, type Problem } from '@plimsoll/model'
import { redirect } from 'next/navigation'
import { paths } from '../paths.ts'
import { askApi } from './ask-api.ts'
import { refusal } from './refusal.ts'

/** Releases the sample, and shows how that goes. */
export async function releaseSample(): Promise<Problem | undefined> {
  const refused = await refusal()
  if (refused !== undefined) return refused
  const answer = await askApi(contract.releaseSample, {})
  if (answer.is === 'problem') return answer.problem
  return redirect(paths.release(answer.value.app, answer.value.number))
}
