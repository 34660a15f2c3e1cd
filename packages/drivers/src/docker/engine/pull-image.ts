import { PlimsollError } from '@plimsoll/model'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { endlessly, type DockerEngine } from './docker-engine.ts'

const lineSchema = z.object({ error: z.string().optional() })

/** Sees to it that the engine has an image, for what is called `of`. Throws `IMAGE_MISSING` where it has not and cannot get it. */
export async function pullImage(engine: DockerEngine, { image, of }: { readonly image: string; readonly of: string }, signal: AbortSignal): Promise<void> {
  const to = `pull ${image}`
  const { status } = await engine.call({ path: `/images/${image}/json`, to, also: [404] }, signal)
  if (status !== 404) return
  const [name = image, digest] = image.split('@')
  const tag = digest ?? (/:[^/]+$/.test(name) ? undefined : 'latest')
  const answer = await engine.stream({ method: 'POST', path: '/images/create', query: { fromImage: name, tag }, to, also: [404, 500], patienceMs: endlessly }, signal)
  // What goes wrong on the way is told in an answer that began well.
  for await (const line of createInterface({ input: answer })) {
    const said: unknown = JSON.parse(line)
    const error = (answer.statusCode ?? 0) >= 400 ? z.object({ message: z.string() }).parse(said).message : lineSchema.parse(said).error
    if (error !== undefined) throw cannotPull({ image, of, error })
  }
}

function cannotPull({ image, of, error }: { readonly image: string; readonly of: string; readonly error: string }): PlimsollError {
  return new PlimsollError('IMAGE_MISSING', `The Docker engine does not have ${image} for ${of}, and could not pull it: ${error}`, {
    hint: `See it yourself: docker pull ${image}`, details: { image },
  })
}
