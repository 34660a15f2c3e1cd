import { storyOf, type Verification } from '@plimsoll/model'
import { oneLine, shortened } from '../report/visible-text.ts'

const states: Readonly<Record<Verification['state'], string>> = { passed: 'success', blocked: 'failure', unsure: 'error', interrupted: 'error', running: 'pending' }

/** GitHub takes 140 characters. */
const descriptionLength = 140

/** The body of a commit status. */
export function commitStatus(verification: Verification, context: string, link: string | undefined): string {
  return JSON.stringify({ state: states[verification.state], description: shortened(oneLine(storyOf(verification).sentence), descriptionLength), context, ...(link !== undefined && { target_url: link }) })
}
