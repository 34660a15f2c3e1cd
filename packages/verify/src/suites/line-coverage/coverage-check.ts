import type { Coverage } from '@plimsoll/model'
import type { Config } from '@plimsoll/testing/config-schema'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { ChangedLines } from '../judge/changed-files.ts'
import { coverageOf, type LineHits } from './line-hits.ts'

/** All that suites have gathered so far. */
export interface Gathered {
  readonly hits: LineHits
  /** Scripts that could not be led back to source. */
  readonly unmapped: Set<string>
  /** Services whose processes did not write down what ran. */
  readonly silent: Set<string>
  /** Why nothing could be gathered at all. */
  problem: string | undefined
}

export interface CoverageAsking {
  readonly thresholds: Exclude<Config['coverage'], false>
  readonly gathered: Gathered
  /** The suites whose runs it is about. */
  readonly after: readonly string[]
  readonly changed: (signal: AbortSignal) => Promise<ChangedLines | undefined>
  readonly record: (coverage: Coverage) => void
}

const source = /\.(?:[cm]?[jt]s|[jt]sx)$/
const noRunTime = /\.d\.[cm]?ts$|\.(?:test|spec)\.|(?:^|\/)(?:tests?|__tests__|e2e)\/|\.config\.[cm]?[jt]s$/

/** That the suites together ran enough of the services' lines, and of those that are new. */
export function coverageCheck(asking: CoverageAsking): RehearsalCheck {
  return {
    id: 'suites.coverage',
    title: 'The suites run enough of the services’ lines, and of those that are new',
    concern: 'suites',
    after: asking.after,
    limitMs: 30_000,
    async ask(_, signal) {
      const changed = await asking.changed(signal)
      const coverage = coverageOf(asking.gathered.hits, changed)
      if (coverage.total.lines === 0) return [unmeasured(asking.gathered)]
      asking.record(coverage)
      return coverageFindings(coverage, changed, asking)
    },
  }
}

function unmeasured({ unmapped, silent, problem }: Gathered): Finding {
  if (problem !== undefined) return { is: 'skipped', finding: `Coverage was not measured: ${problem}` }
  if (unmapped.size > 0) return { is: 'skipped', finding: 'Coverage was not measured: the services were built without source maps inside of their files', hint: 'For TypeScript: "inlineSourceMap": true in the tsconfig.json that builds', evidence: [{ title: 'What ran, and has no source', text: [...unmapped].slice(0, 20).join('\n') }] }
  return { is: 'skipped', finding: `Coverage was not measured: ${silent.size > 0 ? `${[...silent].join(', ')} did not end by itself on SIGTERM, which is when Node.js writes it down` : 'no suite was run that counts'}` }
}

function coverageFindings({ total, changed, files }: Coverage, known: ChangedLines | undefined, { thresholds, gathered }: CoverageAsking): readonly Finding[] {
  const least = files.filter(({ lines, covered }) => covered < lines).toSorted((a, b) => b.lines - b.covered - (a.lines - a.covered)).slice(0, 10)
  const unseen = [...(known?.keys() ?? [])].filter((file) => source.test(file) && !noRunTime.test(file) && !files.some((each) => each.file === file))
  const evidence = [
    { title: 'Files with the most lines that did not run', text: least.map(({ file, lines, covered }) => `${file}: ${lines - covered} of ${lines}`).join('\n') || '(none)' },
    ...(unseen.length > 0 ? [{ title: 'Changed, and loaded by no process that was measured: in none of these figures', text: unseen.slice(0, 20).join('\n') }] : []),
    ...(gathered.unmapped.size > 0 ? [{ title: 'Ran, and has no source map: in none of these figures', text: [...gathered.unmapped].slice(0, 20).join('\n') }] : []),
    ...(gathered.silent.size > 0 ? [{ title: 'Did not write down what ran', text: [...gathered.silent].join('\n') }] : []),
  ]
  const parts = [
    { of: 'the lines that were loaded', figures: total, least: thresholds.total },
    ...(changed === undefined || changed.lines === 0 ? [] : [{ of: 'the lines that are new or changed since what is live', figures: changed, least: thresholds.changed }]),
  ]
  const low = parts.filter(({ figures, least }) => per(figures) < least)
  const told = (which: typeof parts) => which.map(({ of, figures, least }) => `${per(figures).toFixed(1)} % of ${of} ran (${figures.covered} of ${figures.lines}; at least ${least} %)`).join(', and ')
  if (low.length > 0) return [{ is: 'fail', finding: told(low), evidence }]
  return [{ is: 'pass', finding: `${told(parts)}${changed === undefined ? '; what is new is not known' : ''}`, evidence }]
}

function per({ lines, covered }: { readonly lines: number; readonly covered: number }): number {
  return (covered / lines) * 100
}
