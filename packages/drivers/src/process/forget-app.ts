import type { Clock } from '@plimsoll/engine'
import type { AppName } from '@plimsoll/model'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openPlace } from './place.ts'
import { defaultPortRange, openPortBook } from './ports.ts'

/** Forgets every trace that an app has left in the place at `home`, its logs, its ports and what it was built in among them. Only for one whose units are all stopped. Twice is once. */
export async function forgetApp({ home, clock }: { readonly home: string; readonly clock: Clock }, app: AppName): Promise<void> {
  const place = openPlace(home)
  await Promise.all(['units', 'logs', 'docker', 'builds'].map(async (kind) => rm(join(place.home, kind, app), { recursive: true, force: true })))
  await openPortBook({ place, clock, range: defaultPortRange }).forgetApp(app)
}
