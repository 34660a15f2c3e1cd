// Puts the same load on what people release with on one machine, and on Plimsoll: node bench/peers.ts [--switches N] [--only WORD,WORD] [--json]
import { cpus, platform, release as kernel, totalmem } from 'node:os'
import { recordSwitches } from '../e2e/test/switch-under-load.ts'
import { composeUp } from './peers/compose-up.ts'
import { nginxReload } from './peers/nginx-reload.ts'
import { createPeerWorld, type PeerWorld } from './peers/peer-world.ts'
import type { Peer } from './peers/peer.ts'
import { plainRestart } from './peers/plain-restart.ts'
import { plimsollRelease } from './peers/plimsoll-release.ts'
import { pm2Reload } from './peers/pm2-reload.ts'
import { renderTallies, type PeerResult } from './peers/render-tallies.ts'
import { swarmUpdate } from './peers/swarm-update.ts'
import { tally, type Tally } from './peers/tally.ts'
import { buildTwice, type TwoBuilds } from './peers/two-builds.ts'
import { createReleaseScene } from './release/release-scene.ts'
import { storefrontAt } from './release/storefront-target.ts'

/** Plimsoll comes first, because it runs where the builds were made; after it, nothing of it runs any more. */
const peers: readonly Peer[] = [plimsollRelease, plainRestart, pm2Reload, composeUp, swarmUpdate, nginxReload]
/** What the storefront on two cores carries while the next release boots beside it. */
const ratePerSecond = 40
const seed = 11
/** Alone before the first switch, between two, and after the last. */
const calmMs = 2_000

const given = (option: string): string | undefined => (process.argv.includes(option) ? process.argv[process.argv.indexOf(option) + 1] : undefined)
const switches = Number(given('--switches') ?? 5)
if (!Number.isInteger(switches) || switches < 1) throw new RangeError(`--switches takes a whole number from 1 on, not ${given('--switches')}`)
const only = (given('--only') ?? '').split(',')
let leaveNow = async (): Promise<unknown> => undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void leaveNow().finally(() => process.exit(130)))

const results = await inTurn(await Promise.all(peers.filter(({ name }) => only.some((word) => name.includes(word))).map(async (peer) => ({ peer, whyNot: await peer.whyNot() }))))
const machine = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${kernel()}, Node ${process.versions.node}`
const plan = { app: 'storefront: web and api', switches, arrivalsPerSecond: ratePerSecond, seed, calmMs }
if (process.argv.includes('--json')) console.log(JSON.stringify({ machine, plan, peers: results }, null, 2))
else console.log(`${machine}; ${plan.app}, ${switches} switches, ${ratePerSecond} arrivals a second, seed ${seed}\n\n${renderTallies(results)}`)

async function inTurn(chosen: readonly { readonly peer: Peer; readonly whyNot: string | undefined }[]): Promise<PeerResult[]> {
  for (const { peer, whyNot } of chosen) if (whyNot !== undefined) process.stderr.write(`${peer.name}: not run: ${whyNot}\n`)
  process.stderr.write('building the storefront twice …\n')
  const scene = await createReleaseScene({ ownCaches: true })
  const leaveScene = async (): Promise<void> => report(await scene.leave())
  leaveNow = leaveScene
  try {
    const builds = await buildTwice(scene)
    const results: PeerResult[] = []
    for (const { peer, whyNot } of chosen) {
      const result = whyNot === undefined ? await tried(peer, builds, leaveScene) : { name: peer.name, untried: `not run: ${whyNot}` }
      // Told at once: the whole takes long, and what was measured is not to be lost with the rest.
      process.stderr.write(`${renderTallies([result])}\n`)
      results.push(result)
    }
    return results
  } finally {
    await leaveScene()
  }
}

async function tried(peer: Peer, builds: TwoBuilds, leaveScene: () => Promise<void>): Promise<PeerResult> {
  process.stderr.write(`${peer.name} …\n`)
  if (peer !== plimsollRelease) await builds.putDown()
  const world = await createPeerWorld(builds)
  leaveNow = async () => world.leave().then(report).finally(leaveScene)
  try {
    return { name: peer.name, tally: await underLoad(peer, world) }
  } catch (error) {
    console.error(error)
    process.exitCode = 1
    return { name: peer.name, untried: 'failed, see above' }
  } finally {
    report(await world.leave())
  }
}

async function underLoad(peer: Peer, world: PeerWorld): Promise<Tally> {
  const stage = await peer.setUp(world)
  const evidence = await recordSwitches({
    load: { target: await storefrontAt({ web: stage.webPort, api: stage.apiPort }), ratePerSecond, seed },
    first: stage.first,
    switches,
    calmMs,
    switchOver: async (_before, after, told) => stage.release(after, told),
  })
  await stage.settled()
  return tally(evidence)
}

function report(left: readonly string[]): void {
  for (const command of left) {
    console.error(`left running: ${command}`)
    process.exitCode = 1
  }
}
