import type { Victim } from '../crash/crash-case.ts'
import type { SizeSample } from './sample-size.ts'
import type { SoakResult } from './soak-result.ts'

/** Beyond it the last quarter of a run is larger than the first by more than noise. */
const growth = { share: 1.25, floor: 12 }
/** Fewer have no quarters worth comparing. */
const fewest = 20

export interface SoakSummary {
  /** For people, as Markdown. */
  readonly text: string
  /** Every bar that was missed; empty for a run that held. */
  readonly missed: readonly string[]
}

/** `planned` is how many releases were asked for. */
export function summarize(results: readonly SoakResult[], planned: number): SoakSummary {
  const victims = [...new Set(results.map((one) => one.case.victim))].toSorted(byPeaceThenName)
  const rows = [...victims.map((victim) => rowOf(victim, results.filter((one) => one.case.victim === victim))), rowOf('all', results)]
  const sizes = (['edge', 'API'] as const).flatMap((role) => [sizeRow(results, role, 'megabytes'), sizeRow(results, role, 'files')])
  const hit = results.filter((one) => one.case.victim !== 'nobody').length
  const missed = [...missedBy(results), ...sizes.flatMap(({ grew, cells }) => (grew ? [`${cells[0] ?? ''} grew from ${cells[1] ?? ''} to ${cells[2] ?? ''}`] : []))]
  const arrived = sum(results.map((one) => one.arrived))
  return {
    missed: results.length < planned ? [`it was cut short after ${results.length} of ${planned} releases`, ...missed] : missed,
    text: [
      `${results.length} of ${planned} releases, ${hit} of them with a fault, under ${arrived} requests of the load.`,
      '',
      table(['Who was hit', 'Releases', 'Ended', 'Lost', 'Went with what was killed', 'Untruthful', 'Wrong or left behind', 'p50', 'p95'], rows),
      '',
      table(['At rest, unasked', 'First quarter', 'Last quarter', 'Most', 'Processes'], sizes.map(({ cells }) => cells)),
    ].join('\n'),
  }
}

function missedBy(results: readonly SoakResult[]): string[] {
  return results.flatMap(({ lost, untruths, wrong }, at) => [...lost, ...untruths, ...wrong].map((fault) => `release ${at + 1}: ${fault}`))
}

function byPeaceThenName(one: Victim, other: Victim): number {
  return Number(other === 'nobody') - Number(one === 'nobody') || one.localeCompare(other)
}

function rowOf(name: string, results: readonly SoakResult[]): string[] {
  const outcomes = [...new Set(results.map((one) => one.outcome))].map((outcome) => `${results.filter((one) => one.outcome === outcome).length} ${outcome}`)
  const lasted = results.map(({ from, to }) => to - from)
  const count = (of: (one: SoakResult) => number): string => String(sum(results.map(of)))
  return [
    name, String(results.length), outcomes.join(', '), count(({ lost }) => lost.length), count(({ spilled }) => spilled),
    count(({ untruths }) => untruths.length), count(({ wrong }) => wrong.length), seconds(quantile(lasted, 0.5)), seconds(quantile(lasted, 0.95)),
  ]
}

function sizeRow(results: readonly SoakResult[], role: SizeSample['role'], what: 'megabytes' | 'files'): { readonly cells: string[]; readonly grew: boolean } {
  const samples = results.flatMap(({ sizes }) => sizes.filter((size) => size.role === role))
  const values = samples.map((size) => size[what])
  const quarter = Math.max(1, Math.floor(values.length / 4))
  const first = quantile(values.slice(0, quarter), 0.5)
  const last = quantile(values.slice(-quarter), 0.5)
  const grew = results.length >= fewest && last > first * growth.share + growth.floor
  const unit = what === 'megabytes' ? ' MB' : ''
  const name = what === 'megabytes' ? `${role}, memory` : `${role}, open files and sockets`
  const cells = [name, `${first}${unit}`, `${last}${unit}`, `${Math.max(0, ...values)}${unit}`, String(new Set(samples.map(({ pid }) => pid)).size)]
  return { cells, grew }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
