import type { Address, AppName, Instance } from '@plimsoll/model'
import type { Clock } from '../clock.ts'
import type { Driver, RunnableUnit } from '../driver.ts'
import { waitUntil } from './wait-until.ts'

/**
 * `serves` runs until SIGTERM; `ignores-sigterm` runs until SIGKILL; `wrapped` is `serves` as the grandchild of a
 * shell that passes no signal on; `exits` ends by itself at once, with code 3; `prints` prints `first`, `second`, `zwölf` and runs on.
 */
export type DriverProgram = 'serves' | 'ignores-sigterm' | 'wrapped' | 'exits' | 'prints'

/** A driver and the place it works in, which belongs to one test. */
export interface DriverUnderTest {
  readonly app: AppName
  readonly driver: Driver
  readonly clock: Clock
  /** Another driver object over the same place, as after a restart of Plimsoll. */
  another(): Driver
  /** A web service that behaves like `program`; always release 1 unless given. */
  unit(program: DriverProgram, options?: { readonly instances?: number; readonly release?: number }): RunnableUnit
  /** `prints`: the lines `one` and `two`. `fails`: prints `no luck`, code 7. `differs`: prints another line each time. `hangs`: prints `waiting`, never ends and has a child. */
  readonly commands: Readonly<Record<'prints' | 'fails' | 'differs' | 'hangs', string>>
  /** Of a place that keeps disks: a service with one at `path`, from an image whose user is not root. It prints `found nothing` or `found` with what is in it, leaves `release N` there, and runs on. */
  readonly keeps?: { readonly path: string; unit(release: number): RunnableUnit }
  /** Resolves when a running instance has come so far that it handles signals as its program says. */
  ready(instance: Instance): Promise<void>
  /** Kills an instance from outside, as a crash does. */
  crash(instance: Instance): Promise<void>
  /** The id of the instance that answers at an address, asked from where its callers are: an inner one from beside other units. Undefined when none does. */
  ask(address: Address): Promise<string | undefined>
  /** How many process groups the app's instances and commands are, counted without asking the driver. */
  processes(): Promise<number>
  /** How many process groups the driver runs beside them to keep its promises; a place that needs none has none. */
  ownProcesses(): Promise<number>
  /** Ends what is left; called after each test. */
  dispose(): Promise<void>
}

/** Never fires: for calls that are not to be cut short. */
export const unhurried = new AbortController().signal

export async function startAndWait({ driver, clock, app, ready }: DriverUnderTest, unit: RunnableUnit): Promise<readonly Instance[]> {
  await driver.start(unit, unhurried)
  const started = await waitUntil('every instance runs', async () => {
    const instances = await driver.observe(app, unhurried)
    return instances.length === unit.spec.instances && instances.every(({ state }) => state === 'running') && instances
  }, { clock })
  await Promise.all(started.map(ready))
  return started
}
