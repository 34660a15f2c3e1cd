import { serviceNameSchema } from '@plimsoll/model'
import type { ReleaseContext } from './release-context.ts'

type Telling = Pick<ReleaseContext, 'clock' | 'release' | 'output'>

/** Tells whoever watches, however little they want to read, which edges have not taken the switch: whoever comes through them is served as before. */
export function tellAway(context: Telling, away: readonly string[]): void {
  if (away.length === 0) return
  tell(context, `Edge away: ${away.join(', ')}. All others have switched; whoever comes through ${away.length === 1 ? 'this one' : 'these'} meets the release before, which stays up for them, until it can be reached again.`)
}

/** The same for edges that were waited for no longer when what they may still send requests to was stopped. */
export function tellGivenUp(context: Telling, away: readonly string[] = []): void {
  if (away.length === 0) return
  tell(context, `Edge away for too long: ${away.join(', ')}. An old release was stopped although requests that come through ${away.length === 1 ? 'this one' : 'these'} may still go to it. Bring it back, or take its node out of the cluster.`)
}

function tell({ clock, release, output }: Telling, text: string): void {
  output({ at: new Date(clock.now()).toISOString(), service: serviceNameSchema.parse('plimsoll'), release: release.number, stream: 'plimsoll', text, notice: true })
}
