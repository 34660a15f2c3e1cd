import { titleOf, ways, type CrashCase, type Way } from './crash-case.ts'
import type { GroundPage } from './ground-pages.ts'
import type { JudgedCase } from './run-matrix.ts'

/** What is wrong with a case; empty for one that held. */
export function faultsOf(one: JudgedCase): string[] {
  const lost = Object.values(one.load.examples).flat().map(({ is, arrival, detail }) => `${is} ${arrival}: ${detail}`)
  return [...one.wrong, ...one.untruths, ...lost]
}

/** The matrix as a page of the documentation. `about` says when and where; `of` is how many cases there are in all. */
export function crashReport(cases: readonly JudgedCase[], { about, of, page }: { readonly about: string; readonly of: number; readonly page: GroundPage }): string {
  const held = cases.filter((one) => faultsOf(one).length === 0).length
  const arrived = cases.reduce((sum, { load }) => sum + Object.values(load.arrivals).reduce((all, count) => all + count, 0), 0)
  return `# ${page.title}

This page is written by \`${page.command}\`. ${about}

A small app with one of everything (${page.app}) is released, rolled back, and made to
fail, under ${arrived} requests of the load harness in all. At every point of that work somebody is killed; then \`plimsoll up\`
is typed once. A row holds when exactly one release is live and serves, the release that was hit was completed or taken
back and says so, ${page.left} is there that a home without faults would not have, no
two workers or cron runs were ever there at once, no request is held or share of the visitors elsewhere, and no request was lost.

Points are discovered, not listed: the API passes them, a fault-free run writes them down, and each gets a row. A point
after one call and the point before the next, with nothing between them, are one moment and one row. Requests that
were under way through an edge or an instance when it was killed are counted and not held against the row; whatever begins after that
is, 300 ms later where it was the edge, and when \`up\` has ended where nobody is left to take over (edge and heir, machine). Of the ways
further down the page only those points have rows that are their own, or at which something else is at stake.

- A *pause* holds the requests for at most 30 s; the load waits 15 s for an answer, so nobody waited for longer.
- During a *canary* visitors with cookies come as well: none may meet a failure, and none a release again after another one.
- What is *watched* is started again if it was killed, and watched to its end, before \`up\` releases what is good.
- A *first release* has a home of its own, and no load: there is nobody yet who could serve it.
- A *full disk* is that of the whole home. It is filled at the point, and has room again when the command has ended.
- A *machine* that goes down takes a candidate with it that has not been found healthy, and one that has ended before that is not
  trusted: such a release is taken back, and the same \`up\` releases what is committed anew, from what was built.
${page.remarks.map((remark) => `- ${remark}\n`).join('')}
**${held} of ${cases.length} rows hold**${cases.length < of ? `, of ${of} that there are: this run was cut short, with its cases in no order` : ''}.

${(Object.keys(ways) as Way[]).map((way) => section(way, cases.filter((one) => one.case.way === way))).filter((text) => text !== '').join('\n')}`
}

function section(way: Way, cases: readonly JudgedCase[]): string {
  if (cases.length === 0) return ''
  const rows = cases.map((one) => {
    const lost = one.spilled === 0 ? '0' : `${one.spilled} within ${one.gapMs} ms`
    return `| ${one.case.victim} | ${where(one.case)} | ${one.outcome} | ${lost} | ${cell(faultsOf(one).join('; ') || '—')} |`
  })
  return `## ${ways[way][0]?.toUpperCase() ?? ''}${ways[way].slice(1)}

| Who | Where | The release that was hit | Requests it took along | Wrong or left behind |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`
}

function where(one: CrashCase): string {
  return titleOf({ ...one, victim: 'api' }).replace(/^\w+: api at /, '').replace(/^/, '`').replace(/( \+| \(|$)/, '`$1')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
