import { expect, test } from 'vitest'
import { freePort, shopTraffic, signal } from './edge-world.ts'
import { fleetWorld } from './fleet-world.ts'

test('a port is open when the shift that wants it is made, also where another controller gives the edge its first table at the same time', async () => {
  // Which of the two is first is chance; most rounds had a port that was opened a second later.
  for (let round = 0; round < 10; round += 1) {
    const world = await fleetWorld(['one'])
    try {
      const [fleet] = await Promise.all([world.fleet(), world.fleet()])
      const port = await freePort()
      await fleet.shift(shopTraffic({ release: 1, entry: port, upstreams: [1] }), signal)
      const answered = await fetch(`http://${world.members[0]?.host}:${port}/`, { signal: AbortSignal.timeout(100) }).catch((error: unknown) => error)
      // Nobody listens behind it, so that it waits; refused, nobody listens before it either.
      expect(answered).toMatchObject({ name: 'TimeoutError' })
    } finally {
      await world.close()
    }
  }
})
