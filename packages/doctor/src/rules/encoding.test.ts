import { expect, test } from 'vitest'
import { examine } from '../examine.ts'
import { mend } from '../mend/mend.ts'
import { subjectOf } from '../subject.ts'

const subject = (text: string, intact: boolean) => subjectOf(text, { file: 'render.yaml', repository: undefined, intact })

test('encoding is found where the first byte is that is no text, and such a file is not written back', () => {
  const broken = subject('services: []\n# caf\uFFFD\npreviewsEnabled: true\n', false)
  expect(examine(broken).map(({ rule, line, column }) => `${rule} ${line}:${column}`)).toContain('encoding 2:6')
  expect(mend(broken)).toMatchObject({ text: broken.text, mended: [] })
})

test('encoding says nothing about a text that has the sign for it', () => {
  expect(examine(subject('services: []\n# \uFFFD\n', true))).toEqual([])
})
