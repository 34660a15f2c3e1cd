import { appNameSchema } from '@plimsoll/model'
import { manualClock } from '@plimsoll/engine/fakes'
import { expect, test } from 'vitest'
import { resourceLabels } from '../container/place-labels.ts'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { onChosenMachine, onMachine } from './on-chosen-machine.ts'

const place = { home: '/nowhere', id: '0123456789abcdef' }
const app = appNameSchema.parse('shop')
const label = 'plimsoll.data'
const never = new AbortController().signal

interface Machine {
  readonly id: string
  readonly labels?: Readonly<Record<string, string>>
  readonly availability?: string
  readonly state?: string
}

/** On which of the machines the next thing is made, where they keep these already: a machine each time. */
async function chosen(machines: readonly Machine[], kept: readonly string[] = []): Promise<string> {
  const nodes = machines.map(({ id, labels = { [label]: 'true' }, availability = 'active', state = 'ready' }) => ({ ID: id, Spec: { Labels: labels, Availability: availability }, Status: { State: state } }))
  const services = kept.map((machine, index) => ({ Spec: { Labels: resourceLabels(place, { app, kind: 'disk', name: `web ${index}` }), TaskTemplate: { Placement: { Constraints: [onMachine(machine)] } } } }))
  // A unit that has a disk is on that machine too, and keeps nothing there itself.
  const unit = { Spec: { Labels: { 'plimsoll.unit': 'shop-web-r1' }, TaskTemplate: { Placement: { Constraints: [onMachine(machines[0]?.id ?? '')] } } } }
  const read: DockerEngine['read'] = async (schema, { path }) => schema.parse(path === '/nodes' ? nodes : [...services, unit, { Spec: { TaskTemplate: {} } }])
  return onChosenMachine({ managers: { read } as Partial<DockerEngine> as DockerEngine, place, clock: manualClock() }, { label, instead: 'Or else.', work: async (machine) => machine }, never)
}

test('what keeps data gets a machine that has the label, is there, and takes tasks, and is refused where none is', async () => {
  const machines: readonly Machine[] = [{ id: 'plain', labels: {} }, { id: 'otherwise', labels: { [label]: 'false' } }, { id: 'drained', availability: 'drain' }, { id: 'lost', state: 'down' }]
  await expect(chosen(machines)).rejects.toMatchObject({ code: 'PLACE_CANNOT', message: expect.stringContaining(label), hint: expect.stringMatching(/--label-add plimsoll.data=true NODE\. Or else\.$/) })
  expect(await chosen([...machines, { id: 'good' }])).toBe('good')
})

test('the machine that keeps the fewest is chosen', async () => {
  const machines = [{ id: 'n1' }, { id: 'n2' }, { id: 'n3' }]
  expect(await chosen(machines)).toBe('n1')
  expect(await chosen(machines, ['n1', 'n2', 'n3', 'n1', 'n3'])).toBe('n2')
})
