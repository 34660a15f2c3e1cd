import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { query } from '../../packages/store/test/postgres-world.ts'
import { contract } from '../../packages/model/src/model.ts'
import type { Bar } from '../bar.ts'
import { proportionalMegabytes } from '../release/memory-at-rest.ts'
import { readEvents, type EventReader } from './event-reader.ts'
import type { ScaleScene } from './scale-scene.ts'

const [watchers, slow, lines] = [200, 10, 2_000]

/** A release that runs, with a build that says a lot once it is told to go. */
async function beginLoudRelease({ ground, client }: ScaleScene): Promise<{ readonly number: number; readonly go: () => Promise<void> }> {
  const root = join(ground, 'loud')
  await mkdir(root)
  const gate = join(ground, 'go')
  await writeFile(join(root, 'print.mjs'), `
    import { existsSync } from 'node:fs'
    import { setTimeout as sleep } from 'node:timers/promises'
    while (!existsSync(${JSON.stringify(gate)})) await sleep(20)
    for (let line = 1; line <= ${lines}; line += 1) {
      console.log(line + ' of ${lines}: ' + 'x'.repeat(100))
      if (line % 10 === 0) await sleep(20)
    }`)
  await writeFile(join(root, 'render.yaml'), 'services:\n  - type: worker\n    name: loud\n    runtime: node\n    buildCommand: node print.mjs\n    startCommand: exec sleep 100000000\n')
  const { number } = await client.call(contract.startRelease, { params: { app: 'loud' }, body: { source: { root, blueprint: 'render.yaml' }, skipVerify: 'a bench', watchMs: 0 } })
  return { number, go: () => writeFile(gate, '') }
}

export const manyWatchers: Bar<ScaleScene> = {
  what: `${watchers} watchers of one release that runs, and ${slow} more that stand still until it has ended`,
  bar: `each entry and line once and in order; at most 10 connections to PostgreSQL; the API's memory grows by 60 MB at most`,
  async measure(scene) {
    const { apiUrl, token, apiPid, connection } = scene
    const { number, go } = await beginLoudRelease(scene)
    const url = `${apiUrl}/v1/apps/loud/releases/${number}/events`
    const before = await proportionalMegabytes(apiPid)
    const began = performance.now()
    const open = (waits: boolean) => () => readEvents({ url, token, waits })
    const readers = await Promise.all(Array.from({ length: watchers + slow }, (_, index) => open(index < slow)()))
    const [stood, quick] = [readers.slice(0, slow), readers.slice(slow)]
    await go()
    const ended = Promise.all(quick.map((reader) => reader.ended))
    const most = await sampleUntil(ended, { apiPid, connection })
    const seconds = (performance.now() - began) / 1_000
    for (const reader of stood) reader.go()
    await Promise.all(stood.map((reader) => reader.ended))
    const wrong = readers.filter((reader) => !isWhole(reader)).length
    const grown = most.megabytes - before
    return {
      measured: `${readers.length - wrong} of ${readers.length} got all of ${quick[0]?.entries.length} entries and ${lines} lines, in ${seconds.toFixed(0)} s; ${most.connections} connections; ${before.toFixed(0)} MB, ${grown.toFixed(0)} MB more at most, ${((await proportionalMegabytes(apiPid)) - before).toFixed(0)} after`,
      held: wrong === 0 && most.connections <= 10 && grown <= 60,
    }
  },
}

function isWhole({ entries, lines: printed }: EventReader): boolean {
  return entries.length > 10 && entries.every((id, index) => id === index + 1) && printed.length === lines && printed.every((line, index) => line === index + 1)
}

async function sampleUntil(ended: Promise<unknown>, { apiPid, connection }: Pick<ScaleScene, 'apiPid' | 'connection'>): Promise<{ readonly megabytes: number; readonly connections: number }> {
  let [megabytes, connections, over] = [0, 0, false]
  const end = ended.finally(() => { over = true })
  while (!over) {
    megabytes = Math.max(megabytes, await proportionalMegabytes(apiPid))
    const [row] = await query<{ count: number }>(connection, "select count(*)::int as count from pg_stat_activity where application_name in ('plimsoll', 'plimsoll-watch')")
    connections = Math.max(connections, row?.count ?? 0)
    await Promise.race([end, sleep(200)])
  }
  await end
  return { megabytes, connections }
}
