import { verdictSchema, type Verdict } from '@plimsoll/model'
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CommandEnd } from '../src/plimsoll/plimsoll-home.ts'
import { createSmallStage, type SmallStage } from '../src/swarm/small-stage.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
vi.setConfig({ testTimeout: 1_200_000, hookTimeout: 300_000 })

describe.skipIf(missing !== undefined)(`verified in a cluster${missing === undefined ? '' : ` (${missing})`}`, () => {
  let stage: SmallStage
  beforeEach(async () => {
    stage = await createSmallStage({ PLIMSOLL_SKIP_VERIFY: '' })
  })
  afterEach(async () => {
    expect(await stage.leave()).toEqual([])
  })

  const release = (): Promise<CommandEnd> => stage.plimsoll.run(['release', '--to', 'production', '--json'], { cwd: stage.repo.directory })
  /** Verdicts as the release shows them. */
  const verdictsIn = ({ out }: CommandEnd): readonly Verdict[] => {
    const data = out.split('\n').filter((line) => line.startsWith('{')).map((line): unknown => JSON.parse(line))
    return data.flatMap(verdictsBelow)
  }

  test('a release', async () => {
    const first = await release()
    writeFileSync('/tmp/swarm-verify-out.json', first.out)
    console.log(verdictsIn(first).map(({ check, service, is, finding, weight, tookMs }) => `${check} ${service} ${is} ${weight ?? ''} ${tookMs} ${finding}`).join('\n'))
    expect(first.code).toBe(0)
  })
})

function verdictsBelow(data: unknown): readonly Verdict[] {
  if (data === null || typeof data !== 'object') return []
  const { success, data: verdict } = verdictSchema.safeParse(data)
  return success ? [verdict] : Object.values(data).flatMap(verdictsBelow)
}
