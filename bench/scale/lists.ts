import { busiest, releasesOf } from './sizes.ts'
import type { ScaleScene } from './scale-scene.ts'
import { askOften, quantile, type Times } from './ask-often.ts'

export interface RouteTimes {
  readonly route: string
  /** Of the first answers, for which Node has code to compile: they are shown, and no bar is for them. */
  readonly first: Times
  readonly times: Times
}

const middle = Math.floor(releasesOf(busiest) / 2)

/** What lists something, and what pages and metrics are made of, by the path that is asked. */
const paths: Readonly<Record<string, string>> = {
  'every app': '/v1/apps',
  'one app': `/v1/apps/${busiest}`,
  'releases, newest': `/v1/apps/${busiest}/releases`,
  'releases, from the middle, 100': `/v1/apps/${busiest}/releases?before=${middle}&limit=100`,
  'one release with its journal': `/v1/apps/${busiest}/releases/${middle}`,
  'verifications, newest': `/v1/apps/${busiest}/verifications`,
  'verifications, from the middle, 100': `/v1/apps/${busiest}/verifications?before=vapp00x000250&limit=100`,
  'success metrics': `/v1/apps/${busiest}/success`,
  'what going back would do': `/v1/apps/${busiest}/rollback`,
  'what going far back would do': `/v1/apps/${busiest}/rollback?to=${releasesOf(busiest) - 199}`,
  'kept values': `/v1/apps/${busiest}/values`,
  'audit log': '/v1/audit?limit=200',
  'audit log of an app, from the middle': `/v1/audit?limit=200&app=${busiest}&before=25000`,
  'users': '/v1/users',
  'tokens': '/v1/tokens',
  'who asks': '/v1/me',
  'metrics for Prometheus': '/metrics',
}

/** Asks every route that lists something as a signed-in browser does, two at a time. */
export async function listTimes({ apiUrl, session }: Pick<ScaleScene, 'apiUrl' | 'session'>): Promise<RouteTimes[]> {
  const all: RouteTimes[] = []
  for (const [route, path] of Object.entries(paths)) {
    const ask = async (): Promise<void> => {
      const answer = await fetch(`${apiUrl}${path}`, { headers: { authorization: `Bearer ${session}` } })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 300)}`)
    }
    const first = await askOften({ width: 2, times: 20 }, ask)
    const times = await askOften({ width: 2, times: 60 }, ask)
    all.push({ route, first, times })
    process.stderr.write(`  ${route}: p50 ${quantile(times, 0.5).toFixed(1)}, p95 ${quantile(times, 0.95).toFixed(1)} ms; the first: p95 ${quantile(first, 0.95).toFixed(1)} ms\n`)
  }
  return all
}
