import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from '@plimsoll/client'
import { contract, isWatching, type Release } from '@plimsoll/model'
import { createLiveLine } from './screen/live-line.ts'
import type { Session } from './session.ts'
import { watchLine } from './watch-text.ts'

const everyMs = 500

/** Shows the watch of a release that is live until it has ended, and returns the release as it stands then. Ctrl-C leaves, and the watch goes on. */
export async function stayForWatch({ client, session, release }: { readonly client: Client; readonly session: Session; readonly release: Release }, { json }: { readonly json: boolean }): Promise<Release> {
  session.partWith('The watch goes on in the background.')
  const params = { app: release.app, release: release.number }
  const line = createLiveLine(session.out)
  try {
    for (;;) {
      const { release: now } = await client.call(contract.showRelease, { params }, session.interrupted)
      if (!isWatching(now.watch)) return now
      if (!json) line.show(watchLine(now, Date.now()))
      await delay(everyMs, undefined, { signal: session.interrupted })
    }
  } finally {
    line.show(undefined)
  }
}
