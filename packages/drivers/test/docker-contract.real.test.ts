import { describeDriver } from '@plimsoll/engine/contract'
import { describe } from 'vitest'
import { makeDockerUnderTest } from './docker-under-test.ts'
import { whyNoDocker } from './stand-in/stand-in.ts'

const missing = await whyNoDocker(process.env)

// Some forty containers, one after the other: half a minute on a quiet machine.
describe.skipIf(missing !== undefined)(missing ?? 'a Docker engine', () => describeDriver('docker', makeDockerUnderTest))
