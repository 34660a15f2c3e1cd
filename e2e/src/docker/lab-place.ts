import type { DockerLab } from '@plimsoll/drivers/stand-in'
import type { Machine, WorldPlace } from '../crash/world-place.ts'
import { endAllLeft } from '../leaks/end-all-left.ts'
import { dockerPlace } from './docker-place.ts'

/** Starts the machine of `lab` anew, and gives the place that it is: its engine can die, and its power can fail. */
export async function labPlace(lab: DockerLab, options: { readonly liveRestore: boolean }): Promise<WorldPlace> {
  await lab.cutPower()
  await lab.boot(options)
  const machine: Machine = {
    async reboot(home) {
      // Together: what runs on the machine does not see its engine end.
      await Promise.all([endAllLeft(home), lab.cutPower()])
      await lab.boot(options)
    },
    engine: { kill: () => lab.killEngine(), restart: () => lab.boot(options) },
  }
  return { ...(await dockerPlace(lab.address)), machine }
}
