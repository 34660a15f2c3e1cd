import { expect, test } from 'vitest'
import type { DockerEngine } from '../../docker-engine/docker-engine.ts'
import { whyNotThere } from './why-not-there.ts'

const disk = { service: 'web', name: 'uploads', volume: 'shop-web-uploads-0a1b2c', machine: 'x7' }

async function whyOf(node: { readonly state: string; readonly availability: string } | undefined) {
  const body = node && JSON.stringify({ Description: { Hostname: 'n3' }, Spec: { Availability: node.availability }, Status: { State: node.state } })
  const call: DockerEngine['call'] = async () => (body === undefined ? { status: 404, body: '' } : { status: 200, body })
  return whyNotThere({ call } as Partial<DockerEngine> as DockerEngine, disk, new AbortController().signal)
}

test('a disk whose machine is away, drained, or gone for good names it, and what to do about it', async () => {
  expect(await whyOf({ state: 'ready', availability: 'active' })).toBeUndefined()
  expect(await whyOf({ state: 'down', availability: 'active' })).toMatchObject({
    code: 'PLACE_CANNOT', message: 'The disk uploads of web is on the machine n3, which is away, and nothing else has its files', hint: expect.stringMatching(/^Bring n3 back, .*docker service rm shop-web-uploads-0a1b2c/),
  })
  expect(await whyOf({ state: 'ready', availability: 'drain' })).toMatchObject({ message: expect.stringContaining('n3, which takes no tasks'), hint: expect.stringMatching(/docker node update --availability active n3$/) })
  expect(await whyOf(undefined)).toMatchObject({ message: expect.stringContaining('not in the cluster any more'), hint: expect.stringMatching(/^Is what it kept lost for good, say so: docker service rm shop-web-uploads-0a1b2c/) })
})
