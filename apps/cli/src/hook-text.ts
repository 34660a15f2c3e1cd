import type { Hook, HookEvent, MadeHook } from '@plimsoll/model'
import { agoText } from './screen/durations.ts'
import type { Painter } from './screen/painter.ts'
import { printedLine } from './screen/printed-line.ts'

/** What is done when a repository changes. */
export function hookText(hook: Hook | null): string {
  if (hook === null) return 'Nothing is done when its repository changes. To settle that: plimsoll github set OWNER/NAME\n'
  const { app, repository, branch, directory, onPush, onPullRequest, forks, hasToken } = hook
  return [
    `${app}: ${repository}, branch ${branch}${directory === '' ? '' : `, directory ${directory}`}`,
    `  A push: ${onPush === 'release' ? 'is released' : 'nothing is done'}`,
    `  A pull request: ${onPullRequest === 'verify' ? 'is verified' : 'nothing is done'}${onPullRequest === 'verify' ? `; ${forks ? 'also from forks, which runs here what a stranger has written' : 'not from forks'}` : ''}`,
    `  Token: ${hasToken ? 'there is one' : 'none; only what is public can be fetched, and no commit is marked'}`,
    '',
  ].join('\n')
}

/** The same, with what GitHub has to know. */
export function madeHookText(made: MadeHook): string {
  const secret = made.secret ?? 'as it is'
  return `${hookText(made)}\nAt GitHub, under Settings, Webhooks:\n  Payload URL   the address at which GitHub reaches this API, and ${made.path}\n  Content type  application/json\n  Secret        ${secret}${made.secret === undefined ? '' : ' (not shown again)'}\n  Events        Pushes, Pull requests\n`
}

const colours: Readonly<Record<HookEvent['is'], Parameters<Painter>[0]>> = { done: 'green', working: 'cyan', waiting: 'yellow', failed: 'red', ignored: 'dim', superseded: 'dim' }

/** What GitHub has said, and what came of it. */
export function hookEventLines(events: readonly HookEvent[], paint: Painter, now = Date.now()): string {
  if (events.length === 0) return 'GitHub has said nothing yet.\n'
  return events.map(({ at, about, is, why, release, verification }) => {
    const came = release === null ? (verification === null ? '' : `: verification ${verification}`) : `: release ${release}`
    return `${paint(colours[is], is.padEnd(10))}  ${agoText(at, now).padEnd(12)}  ${printedLine(about, paint)}${came}${why === null ? '' : `\n  ${printedLine(why, paint)}`}\n`
  }).join('')
}
