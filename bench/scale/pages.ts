import { busiest, releasesOf } from './sizes.ts'
import type { ScaleScene } from './scale-scene.ts'
import { askOften, quantile, type Times } from './ask-often.ts'

const paths: Readonly<Record<string, string>> = {
  'overview': '/',
  'an app': `/apps/${busiest}`,
  'a release': `/apps/${busiest}/releases/${releasesOf(busiest)}`,
  'older releases': `/apps/${busiest}/releases?before=1000`,
  'older verifications': `/apps/${busiest}/verifications?before=vapp00x000250`,
  'how its releases go': `/apps/${busiest}/success`,
  'audit log': '/audit',
}

export interface PageTimes {
  readonly page: string
  /** From the question to the first byte of the answer. */
  readonly times: Times
}

/** Asks for pages of the console as a signed-in browser does, one after the other. */
export async function pageTimes({ console: { url }, session }: Pick<ScaleScene, 'console' | 'session'>): Promise<PageTimes[]> {
  const all: PageTimes[] = []
  for (const [page, path] of Object.entries(paths)) {
    const rests: Promise<void>[] = []
    const times = await askOften({ width: 1, times: 30 }, async () => {
      await Promise.all(rests.splice(0))
      const answer = await fetch(`${url}${path}`, { headers: { cookie: `plimsoll_session=${session}` }, redirect: 'manual' })
      const reader = answer.body?.getReader()
      const { value } = (await reader?.read()) ?? {}
      if (answer.status !== 200 || reader === undefined || value === undefined) throw new Error(`${path}: ${answer.status}`)
      rests.push((async () => { while (!(await reader.read()).done); })())
    })
    await Promise.all(rests)
    all.push({ page, times })
    process.stderr.write(`  ${page}: p50 ${quantile(times, 0.5).toFixed(0)}, p95 ${quantile(times, 0.95).toFixed(0)} ms to the first byte\n`)
  }
  return all
}
