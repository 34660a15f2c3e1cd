import { appNameSchema, digestSchema, releaseNumberSchema, serviceNameSchema, unitName } from '@plimsoll/model'
import { expect, it } from 'vitest'
import { describeDriver, type DriverProgram, type DriverUnderTest } from '../contract/contract.ts'
import type { ExecRequest, RunnableUnit } from '../driver.ts'
import { fakeDriver, type FakeBehaviour, type FakeExec } from './fake-driver.ts'
import { answererAt, fakePlace } from './fake-place.ts'
import { manualClock } from './manual-clock.ts'

const app = appNameSchema.parse('shop')
const service = serviceNameSchema.parse('web')

const behaviours: Readonly<Record<DriverProgram, FakeBehaviour>> = {
  serves: {},
  wrapped: {},
  'ignores-sigterm': { ignoresSigterm: true },
  exits: { exits: { code: 3 } },
  prints: { prints: ['first', 'second', 'zwölf'] },
}

const commands: Readonly<Record<string, FakeExec>> = {
  prints: { prints: ['one', 'two'] },
  fails: { prints: ['no luck'], code: 7 },
  hangs: { prints: ['waiting'], hangs: true },
}

function runnable(program: DriverProgram, { instances = 1, release = 1 } = {}): RunnableUnit {
  const number = releaseNumberSchema.parse(release)
  const digest = digestSchema.parse(`sha256:${'0'.repeat(64)}`)
  return {
    app,
    unit: { name: unitName(app, service, number), service, release: number },
    spec: { service, kind: 'web', runtime: 'node', rootDir: '', startCommand: program, maxShutdownDelayMs: 1_000, instances, reaches: [] },
    artifact: {
      service, digest, inputs: digest, files: '/nowhere', sizeBytes: 0, fileCount: 0, layout: 'traced', assets: [],
      publicValues: {}, builtAt: '2026-01-01T00:00:00.000Z', fresh: true, buildMs: 0,
    },
    environment: {},
  }
}

async function make(): Promise<DriverUnderTest> {
  const clock = manualClock({ auto: true })
  const place = fakePlace()
  let runs = 0
  const create = () => fakeDriver({
    clock,
    place,
    behaviour: (unit: RunnableUnit) => behaviours[unit.spec.startCommand as DriverProgram],
    command: ({ command }: ExecRequest) => (command === 'differs' ? { prints: [`run ${runs += 1}`] } : (commands[command] ?? {})),
  })
  const driver = create()
  const living = () => [...place.units.values()].flatMap(({ instances }) => instances).filter(({ ended }) => ended === undefined)
  return {
    app,
    driver,
    clock,
    another: create,
    unit: runnable,
    commands: { prints: 'prints', fails: 'fails', differs: 'differs', hangs: 'hangs' },
    ready: async () => undefined,
    crash: async ({ id }) => driver.crash(id),
    ask: async (address) => answererAt(place, address),
    processes: async () => living().length,
    ownProcesses: async () => 0,
    dispose: async () => undefined,
  }
}

describeDriver('fake', make)

it('loses the answer of a call that is told to fail afterwards, and not its effect', async () => {
  const { driver } = await make()
  const fake = driver as ReturnType<typeof fakeDriver>
  fake.failNext('start', new Error('the line is dead'), 'after')
  const never = new AbortController().signal
  await expect(fake.start(runnable('serves'), never)).rejects.toThrow('the line is dead')
  expect(await fake.observe(app, never)).toHaveLength(1)
})

it('says nothing of what instances need where it cannot measure', async () => {
  const driver = fakeDriver({ clock: manualClock(), can: { measure: false } })
  const signal = new AbortController().signal
  await driver.start(runnable('serves'), signal)
  expect(await driver.measure(app, signal)).toEqual([])
})
