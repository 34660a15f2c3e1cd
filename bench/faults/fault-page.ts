import { cpus, release } from 'node:os'
import type { Fault } from './fault.ts'
import type { Tried } from './try-fault.ts'

export interface FaultPage {
  readonly faults: readonly Fault[]
  readonly tried: readonly Tried[]
  readonly alarms: readonly string[]
  /** Some were tried in an earlier run. */
  readonly inRounds: boolean
}

/** docs/faults.md: what was caught, by what, and what was not. */
export function faultPage({ faults, tried, alarms, inRounds }: FaultPage): string {
  const count = (is: Tried['is']): number => tried.filter((each) => each.is === is).length
  const rows = faults.flatMap(({ id, what, caughtBy }) => {
    const found = tried.find((each) => each.id === id)
    return found === undefined ? [] : [`| \`${id}\` | ${what} | ${found.is === 'caught' ? 'caught' : `**${found.is}**`} | ${found.failed.map((check) => (caughtBy.includes(check) ? `**${check}**` : check)).join(', ') || '—'} | ${found.seconds} s |`]
  })
  return `# Faults, and what catches them

This page is written by \`npm run bench:faults\`. Last on ${new Date().toISOString().slice(0, 10)}, with Node ${process.version} on Linux ${release()}, ${cpus().length} cores.${inRounds ? ' It was put together from rounds: what was caught in one was not tried again in the next,\nand the product was mended between them.' : ''}

Each fault is a small patch to the example storefront, of the kind that people commit. \`plimsoll verify\` is asked about it as about any other commit, beside a
healthy release that is live. It is *caught* when a check fails that names its cause (bold), *blamed wrongly* when only others do, *missed* when nothing blocks.
The healthy storefront, asked before and after all of them, must raise no alarm: nothing may block it or leave it unproven. Advice that it does not follow counts
for nothing here.

**${count('caught')} of ${tried.length} caught**, ${count('blamed wrongly')} blamed wrongly, ${count('missed')} missed${tried.length < faults.length ? `; ${faults.length - tried.length} of ${faults.length} were not tried in this run` : ''}. ${alarms.length === 0 ? 'No false alarm.' : `**False alarms on the healthy storefront:** ${alarms.join('; ')}.`}

| Fault | What is wrong | | Checks that failed | Took |
|---|---|---|---|---|
${rows.join('\n')}
`
}
