// Asks an instance in a cluster of three machines, from outside of it, one question after the other and several at once: node bench/swarm-door.ts [--questions N]
import { createProbe } from '../packages/verify/src/verify.ts'
import { programsOn } from '../packages/drivers/test/stand-in/stand-in.ts'
import { startAndWait } from '../packages/engine/src/contract/contract.ts'
import { performance } from 'node:perf_hooks'
import { publishIn } from '../e2e/src/swarm/lab-images.ts'
import { raiseSwarmLab } from '../e2e/src/swarm/raise-swarm-lab.ts'
import { makeSwarmUnderTest } from '../e2e/src/swarm/swarm-under-test.ts'

const at = process.argv.indexOf('--questions')
const questions = at === -1 ? 100 : Number(process.argv[at + 1])
const signal = AbortSignal.timeout(300_000)

const lab = await raiseSwarmLab()
try {
  const under = await makeSwarmUnderTest(lab, await publishIn(lab, (engine, until) => programsOn(engine, 'slim', until)))
  const unit = under.unit('serves')
  await startAndWait(under, unit)
  const [address] = await under.driver.addresses(under.app, unit.unit, unit.spec)
  if (address === undefined) throw new Error('a server has an address')
  const probe = createProbe((each, until) => under.driver.dial(under.app, each, until))
  const ask = async (): Promise<number> => {
    const began = performance.now()
    const { is } = await probe.http({ address, path: '/', timeoutMs: 20_000 }, signal)
    if (is !== 'healthy') throw new Error(`the instance is ${is}`)
    return performance.now() - began
  }
  await ask()
  const alone: number[] = []
  for (let asked = 0; asked < questions; asked += 1) alone.push(await ask())
  const began = performance.now()
  for (let asked = 0; asked < questions; asked += 4) await Promise.all(Array.from({ length: 4 }, ask))
  const together = (performance.now() - began) / questions
  alone.sort((a, b) => a - b)
  const share = (of: number): string => (alone[Math.min(alone.length - 1, Math.floor(alone.length * of))] ?? 0).toFixed(1)
  console.log(`a connection for each question: ${share(0.5)} ms (half), ${share(0.95)} ms (95 %); four at once: one every ${together.toFixed(1)} ms`)
  await under.dispose()
} finally {
  await lab.lower()
}
