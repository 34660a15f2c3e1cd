// Puts the same load on what people release with on one machine, and on Plimsoll's edge: node bench/peers.ts [--switches N] [--only WORD] [--json]
import { cpus, platform, release as kernel, totalmem } from 'node:os'
import { shopTarget } from '../e2e/src/shop/shop-target.ts'
import { createShopWorld, type ShopWorld } from '../e2e/test/shop-world.ts'
import { recordSwitches } from '../e2e/test/switch-under-load.ts'
import { composeUp } from './peers/compose-up.ts'
import { nginxReload } from './peers/nginx-reload.ts'
import type { Peer } from './peers/peer.ts'
import { plainRestart } from './peers/plain-restart.ts'
import { plimsollEdge } from './peers/plimsoll-edge.ts'
import { pm2Reload } from './peers/pm2-reload.ts'
import { renderTallies, type PeerResult } from './peers/render-tallies.ts'
import { swarmUpdate } from './peers/swarm-update.ts'
import { tally, type Tally } from './peers/tally.ts'

const peers: readonly Peer[] = [plainRestart, pm2Reload, nginxReload, composeUp, swarmUpdate, plimsollEdge]
const ratePerSecond = 100
const seed = 11
/** Alone before the first switch, between two, and after the last. */
const calmMs = 2_000

const given = (option: string): string | undefined => (process.argv.includes(option) ? process.argv[process.argv.indexOf(option) + 1] : undefined)
const switches = Number(given('--switches') ?? 5)
if (!Number.isInteger(switches) || switches < 1) throw new RangeError(`--switches takes a whole number from 1 on, not ${given('--switches')}`)
const only = given('--only') ?? ''
let leaveNow = async (): Promise<unknown> => undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void leaveNow().finally(() => process.exit(130)))

const results: PeerResult[] = []
for (const peer of peers.filter(({ name }) => name.includes(only))) results.push(await tried(peer))
const machine = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${kernel()}, Node ${process.versions.node}`
const plan = { app: 'fixture shop: web and api', switches, arrivalsPerSecond: ratePerSecond, seed, calmMs }
if (process.argv.includes('--json')) console.log(JSON.stringify({ machine, plan, peers: results }, null, 2))
else console.log(`${machine}; ${plan.app}, ${switches} switches, ${ratePerSecond} arrivals a second, seed ${seed}\n\n${renderTallies(results)}`)

async function tried(peer: Peer): Promise<PeerResult> {
  const skipped = await peer.whyNot()
  process.stderr.write(`${peer.name} … ${skipped === undefined ? '' : `skipped: ${skipped}`}\n`)
  if (skipped !== undefined) return { name: peer.name, untried: `skipped: ${skipped}` }
  const world = await createShopWorld()
  leaveNow = world.leave
  try {
    return { name: peer.name, tally: await underLoad(peer, world) }
  } catch (error) {
    console.error(error)
    process.exitCode = 1
    return { name: peer.name, untried: 'failed, see above' }
  } finally {
    for (const command of await world.leave()) {
      console.error(`left running: ${command}`)
      process.exitCode = 1
    }
  }
}

async function underLoad(peer: Peer, ground: ShopWorld): Promise<Tally> {
  const stage = await peer.setUp(ground)
  // Containers are no processes of ours that leaving the ground would find.
  leaveNow = async () => stage.close().finally(ground.leave)
  try {
    const evidence = await recordSwitches({
      load: { target: shopTarget(stage.webPort, stage.apiPort), ratePerSecond, seed },
      first: 1,
      switches,
      calmMs,
      switchOver: async (_before, after, told) => stage.release(after, told),
    })
    await stage.settled()
    return tally(evidence)
  } finally {
    await stage.close()
  }
}
