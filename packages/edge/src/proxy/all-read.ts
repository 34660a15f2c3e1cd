import { setImmediate as aTurn } from 'node:timers/promises'

/** Resolves when what had come by the time of the call was taken: connections, one for each port, and bytes. A timer is called before that, however late it is. */
export async function allRead(): Promise<void> {
  // Begun in the middle of a turn, the next one is the first that looks.
  for (let turn = 0; turn < 2; turn += 1) await aTurn()
}
