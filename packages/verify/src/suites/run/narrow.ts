import type { Suite } from '@plimsoll/testing/config-schema'
import type { ReportedTest } from '../reports/reported-test.ts'

/** Tools that can be asked for some tests when a suite calls them by name. */
const known: readonly { readonly call: RegExp; readonly only: readonly string[] }[] = [
  { call: /^(?:npx |pnpm (?:exec )?)?vitest\b[^;&|]*$/, only: ['{files}', '-t', '{names}'] },
  { call: /^(?:npx |pnpm (?:exec )?)?playwright test\b[^;&|]*$/, only: ['{files}', '-g', '{names}'] },
]

/**
 * The words that make a suite run these tests only. Undefined when it cannot be asked for that: when its tool is not known and the
 * configuration says nothing, and when a test has no file although files are what is asked for.
 */
export function narrowedTo(suite: Suite, tests: readonly ReportedTest[]): readonly string[] | undefined {
  // The last title alone: how a tool joins the titles of groups is its own affair.
  return narrowed(suite, tests, tests.map(({ title }) => (title.split(' › ').at(-1) ?? title).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'))
}

/** As above, for all tests of the files that these are in. */
export function narrowedToFiles(suite: Suite, tests: readonly ReportedTest[]): readonly string[] | undefined {
  return narrowed(suite, tests, '.*')
}

function narrowed(suite: Suite, tests: readonly ReportedTest[], names: string): readonly string[] | undefined {
  const only = suite.only ?? known.find(({ call }) => call.test(suite.command))?.only
  const files = [...new Set(tests.flatMap(({ file }) => file ?? []))]
  if (only === undefined || tests.length === 0 || (only.includes('{files}') && tests.some(({ file }) => file === undefined))) return undefined
  return only.flatMap((word) => (word === '{files}' ? files : [word.replaceAll('{names}', () => names)]))
}
