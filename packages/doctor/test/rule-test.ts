import { readWorkspace } from '@plimsoll/repository'
import { treeOf } from '@plimsoll/repository/tree-of'
import { describe, expect, test } from 'vitest'
import { examine } from '../src/examine.ts'
import type { Finding } from '../src/finding.ts'
import { mend } from '../src/mend/mend.ts'
import { repositoryFiles } from '../src/repository-files.ts'
import type { Rule } from '../src/rule.ts'
import { subjectOf, type Subject } from '../src/subject.ts'

export interface Sample {
  readonly blueprint: string
  /** What else the repository holds. */
  readonly files?: Readonly<Record<string, string>>
}

/** A sample that breaks the rule at these places: `render.yaml:3:5`, in the order of the files. */
export interface Failing extends Sample {
  readonly at: readonly string[]
  /** What the Blueprint is when it was mended; the finding stays where this is not given. */
  readonly mended?: string
}

/** The sample as doctor gets to see it; without files nothing but the text is known. */
export async function subjectIn({ blueprint, files }: Sample): Promise<Subject> {
  if (files === undefined) return subjectOf(blueprint, { file: 'render.yaml', repository: undefined })
  const all = { 'render.yaml': blueprint, ...files }
  const workspace = await readWorkspace(treeOf(all))
  const read = (file: string): string | undefined => (Object.hasOwn(all, file) ? all[file as keyof typeof all] : undefined)
  return subjectOf(blueprint, { file: 'render.yaml', repository: repositoryFiles({ workspace, files: new Set(Object.keys(all)), read }) })
}

function rulesIn(findings: readonly Finding[]): string[] {
  return findings.map((finding) => finding.rule).toSorted()
}

/** What every rule promises: it finds what it is about where that stands, and nothing where all is well; its remedy takes the finding away and brings no other. */
export function describeRule(rule: Rule, { fails, passes }: { readonly fails: readonly Failing[]; readonly passes: readonly Sample[] }): void {
  describe(rule.id, () => {
    test.each(fails)('is found at $at', async ({ at, mended, ...sample }) => {
      const subject = await subjectIn(sample)
      const found = examine(subject).filter((finding) => finding.rule === rule.id)
      expect(found.map(({ file, line, column }) => `${file}:${line}:${column}`)).toEqual(at)
      for (const { severity, message, hint } of found) {
        expect(severity).toBe(rule.severity)
        expect(`${message}${hint ?? ''}`).not.toMatch(/undefined|\[object|\.$/)
      }
      const after = mend(subject, (finding) => finding.rule === rule.id)
      expect(after.text).toBe(mended ?? sample.blueprint)
      expect(rulesIn(after.left)).toEqual(rulesIn(examine(subject)).filter((id) => mended === undefined || id !== rule.id))
    })

    test.each(passes)('says nothing about $blueprint', async (sample) => {
      const findings = examine(await subjectIn(sample))
      expect(findings.filter((finding) => finding.rule === rule.id || (finding.severity === 'error' && finding.rule !== rule.id))).toEqual([])
    })

    test('says whether it mends', () => {
      expect(rule.mends ?? false).toBe(fails.some(({ mended }) => mended !== undefined))
    })
  })
}
