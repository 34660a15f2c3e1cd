// Puts the edge's table of hostile cases to nginx, HAProxy and Caddy, and writes every difference into docs/edge.md: node bench/hostile.ts [--check]
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../packages/edge/test/edge-world.ts'
import { allCases } from '../packages/edge/test/hostile/all-cases.ts'
import type { HostileCase } from '../packages/edge/test/hostile/hostile-case.ts'
import { Lane } from '../packages/edge/test/hostile/lane.ts'
import { observe } from '../packages/edge/test/hostile/observe.ts'
import { explanations } from './edge/explanations.ts'
import { type Peer, peers, startPeer, type Way } from './edge/peers.ts'
import { renderDifferences, type Told } from './edge/render-differences.ts'

/** So many cases at once: more would make two cores late, and what comes late counts as silence. */
const together = 40

/** A proxy that has done nothing for so long will do nothing. Longer than the second that impatient ones wait. */
const quietMs = 1_500

const page = new URL('../docs/edge.md', import.meta.url)
const missing = peers.filter(({ command }) => !existsSync(command))
if (missing.length > 0) {
  console.log(`skipped: no ${missing.map(({ name }) => name).join(', no ')}`)
} else {
  const told = new Map<string, ReadonlyMap<HostileCase, Told>>()
  for (const peer of peers) told.set(peer.name, await putTo(peer))
  const text = await readFile(page, 'utf8')
  const { table, unexplained } = renderDifferences({ cases: Object.values(allCases).flat(), told, explanations })
  for (const name of unexplained) console.error(`not explained: ${name}`)
  const next = text.replace(/(<!-- differences -->\n)[^]*(<!-- end of differences -->)/, (_all, from: string, to: string) => `${from}${table}${to}`)
  if (process.argv.includes('--check')) console.log(next === text ? 'docs/edge.md is as it was found' : 'docs/edge.md is not as it was found')
  else await writeFile(page, next)
  process.exitCode = unexplained.length > 0 || (process.argv.includes('--check') && next !== text) ? 1 : 0
}

async function putTo(peer: Peer): Promise<ReadonlyMap<HostileCase, Told>> {
  const cases = Object.values(allCases).flat()
  const directory = await mkdtemp(join(tmpdir(), 'plimsoll-peer-'))
  const lanes = await Promise.all(cases.map(Lane.open))
  const ports = await freePorts(cases.length)
  const ways = cases.map((kase, index): Way => ({ kind: kase.proxy, port: ports[index] ?? 0, upstream: lanes[index]?.address ?? { host: '127.0.0.1', port: 0 } }))
  const running = await startPeer(peer, ways, directory)
  const told = new Map<HostileCase, Told>()
  try {
    const left = cases.map((kase, index) => ({ kase, lane: lanes[index], entry: ports[index] ?? 0 }))
    const work = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const { kase, lane, entry } = next
        if (lane === undefined) continue
        const { outcome, answered, heard } = await observe(kase, { lane, entry, quietMs })
        told.set(kase, { outcome, answered, heard, reaches: lane.heads })
      }
    }
    await Promise.all(Array.from({ length: together }, work))
  } finally {
    await running.stop()
    for (const lane of lanes) lane.close()
    await rm(directory, { recursive: true, force: true })
  }
  console.error(`${peer.name}: ${told.size} cases`)
  return told
}
