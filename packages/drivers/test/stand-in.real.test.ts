import { describe, expect, it } from 'vitest'
import { engineAddress } from '../src/docker-engine/engine-address.ts'
import { openDockerEngine } from '../src/docker-engine/docker-engine.ts'
import { standInImage, whyNoDocker } from './stand-in/stand-in.ts'

const never = new AbortController().signal
const missing = await whyNoDocker(process.env)

describe.skipIf(missing !== undefined)(`stand-ins for base images${missing === undefined ? '' : ` (${missing})`}`, () => {
  const engine = openDockerEngine(engineAddress(process.env))

  it.each(['slim', 'minimal'] as const)('makes the %s one once', async (standIn) => {
    const first = await standInImage(engine, standIn, never)
    expect(await standInImage(engine, standIn, never)).toEqual(first)
    expect(first.name).toMatch(new RegExp(`^plimsoll-stand-in-${standIn}:[0-9a-f]{16}$`))
  })
})
