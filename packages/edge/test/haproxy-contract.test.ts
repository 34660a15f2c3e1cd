import { test } from 'vitest'
import { describeEdge } from '../src/contract/describe-edge.ts'
import { whyNoHaproxy } from '../src/contract/why-no-haproxy.ts'
import { locateHaproxy } from '../src/haproxy/locate-haproxy.ts'
import { edgeUnderTest } from './edge-under-test.ts'

const missing = whyNoHaproxy(process.env)
if (missing === undefined) describeEdge('the edge behind HAProxy', async () => edgeUnderTest({ haproxy: locateHaproxy(process.env['PATH']) }))
else test.skip(missing, () => undefined)
