import { PlimsollError } from '@plimsoll/model'
import type { RenderOwner } from '../api/owners.ts'
import type { RenderApi } from '../api/render-api.ts'

/** The workspace in which services are found and made. Throws `USAGE` where several could be meant, and `NOT_FOUND` where the one that is wanted is not reached. */
export async function chooseOwner(api: Pick<RenderApi, 'owners'>, wanted: string | undefined, signal: AbortSignal): Promise<RenderOwner> {
  const owners = await api.owners.list(signal)
  const fit = wanted === undefined ? owners : owners.filter(({ id, name }) => id === wanted || name === wanted)
  const [owner] = fit
  if (owner !== undefined && fit.length === 1) return owner
  const there = owners.map(({ id, name }) => `${name} (${id})`).join(', ')
  if (fit.length > 1) throw new PlimsollError('USAGE', `The API key reaches several workspaces of Render: ${there}`, { hint: 'Name the one that is meant, by its id: RENDER_WORKSPACE' })
  throw new PlimsollError('NOT_FOUND', wanted === undefined ? 'The API key reaches no workspace of Render' : `The API key reaches no workspace ${wanted} of Render`, { hint: there === '' ? 'Make another key: RENDER_API_KEY' : `It reaches: ${there}` })
}
