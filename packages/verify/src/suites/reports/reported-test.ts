/** One test as a report tells it. */
export interface ReportedTest {
  /** File and full title: the same from run to run. */
  readonly name: string
  /** As the tool names it: absolute, or relative to where it ran. */
  readonly file?: string | undefined
  /** The title alone, with those of its groups; what a tool can be asked to run. */
  readonly title: string
  readonly is: 'passed' | 'failed' | 'flaky' | 'skipped'
  readonly tookMs: number
  readonly message?: string | undefined
}

/** What a report says, or why it cannot be understood. */
export type Parsed = { readonly tests: readonly ReportedTest[] } | { readonly problem: string }

const longestMessage = 4_000
const longestName = 500

/** A test whose parts come from a file that anybody may have written: lengths are bounded, and numbers are numbers. */
export function reported({ file, titles, is, tookMs, message }: {
  readonly file?: string | undefined
  readonly titles: readonly string[]
  readonly is: ReportedTest['is']
  readonly tookMs?: number | undefined
  readonly message?: string | undefined
}): ReportedTest {
  const title = titles.filter((each) => each !== '').join(' › ').slice(0, longestName)
  const name = file === undefined || file === '' ? title : `${file} › ${title}`
  const took = tookMs !== undefined && Number.isFinite(tookMs) && tookMs > 0 ? tookMs : 0
  return { name: name.slice(0, longestName), title, is, tookMs: took, ...(file !== undefined && file !== '' && { file }), ...(message !== undefined && message !== '' && { message: plainText(message).slice(0, longestMessage) }) }
}

/** Without the colours that tools draw into what others are to read. */
function plainText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- that is what it is about
  return text.replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, '')
}
