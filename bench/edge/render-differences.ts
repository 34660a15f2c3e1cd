import type { HostileCase } from '../../packages/edge/test/hostile/hostile-case.ts'

/** What came of a case at a peer. */
export interface Told {
  readonly outcome: string
  readonly answered: string
  readonly heard: string
  readonly reaches: number
}

/** Why peers do otherwise than the edge in these cases. */
export interface Explanation {
  readonly title: string
  readonly text: string
  /** Of the names of its cases. */
  readonly cases: RegExp
}

export interface Differences {
  readonly cases: readonly HostileCase[]
  /** By the peer's name. */
  readonly told: ReadonlyMap<string, ReadonlyMap<HostileCase, Told>>
  readonly explanations: readonly Explanation[]
}

/** The differences as Markdown, under the first explanation that has their case, and the cases that none has. */
export function renderDifferences({ cases, told, explanations }: Differences): { readonly table: string; readonly unexplained: readonly string[] } {
  const names = [...told.keys()]
  const rows = cases.flatMap((kase) => {
    const cells = names.map((name) => cellOf(kase, told.get(name)?.get(kase)))
    return cells.every((cell) => cell === '=') ? [] : [{ kase, cells, why: explanations.find((each) => each.cases.test(kase.name)) }]
  })
  const sections = explanations.flatMap((explanation) => {
    const own = rows.filter(({ why }) => why === explanation)
    if (own.length === 0) return []
    const lines = own.map(({ kase, cells }) => `| ${inCell(kase.name)} | ${wanted(kase)} | ${cells.join(' | ')} |`)
    return [`### ${explanation.title}\n\n${explanation.text}\n\n| Case | edge | ${names.join(' | ')} |\n|---|---|${names.map(() => '---|').join('')}\n${lines.join('\n')}\n`]
  })
  const counts = names.map((name, at) => `${name} in ${rows.filter(({ cells }) => cells[at] !== '=').length}`)
  const intro = `Of ${cases.length} cases, ${rows.length} come out differently somewhere: ${counts.join(', ')}.\n`
  return { table: `\n${[intro, ...sections].join('\n')}\n`, unexplained: rows.filter(({ why }) => why === undefined).map(({ kase, cells }) => `${kase.name} | ${wanted(kase)} | ${cells.join(' | ')}`) }
}

/** `=` for the same; else what came of it, how many heads reached the upstream where that is another number, and whether bytes are others but for the letters of names. */
function cellOf(kase: HostileCase, told: Told | undefined): string {
  if (told === undefined) return 'not run'
  const { outcome, reaches, answered, heard } = told
  const words = [...(outcome === kase.outcome ? [] : [outcome]), ...(reaches === kase.reaches ? [] : [`reaches ${reaches}`])]
  if (words.length > 0) return inCell(words.join(', '))
  const has = (text: string) => (pattern: RegExp): boolean => new RegExp(pattern.source, `${pattern.flags.replace('i', '')}i`).test(text)
  const same = kase.answers.every(has(answered)) && !kase.answersLack.some(has(answered)) && kase.hears.every(has(heard)) && !kase.hearsNot.some(has(heard))
  return same ? '=' : 'other bytes'
}

function wanted({ outcome, reaches }: HostileCase): string {
  return inCell(reaches === 1 ? outcome : `${outcome}, reaches ${reaches}`)
}

function inCell(text: string): string {
  const short = text.replace(/(?:200 ){8,}/, '200 … ')
  return short.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
