import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { lessonsIn } from './lessons.ts'

test('what is fenced as sh is typed, with the status that the document names; what is fenced otherwise is shown', () => {
  const course = ['# A course', '', '## First', '', '```sh', 'make tea', 'drink --hot   # exits 36', '```', '', '```', 'steam', '```', '', '**Think:** why?', '', '## Last']
  expect(lessonsIn(course.join('\n'))).toEqual([
    { title: 'First', commands: [{ line: 6, command: 'make tea', exits: 0 }, { line: 7, command: 'drink --hot   # exits 36', exits: 36 }], questions: 1 },
    { title: 'Last', commands: [], questions: 0 },
  ])
})

test('each lesson of docs/training.md has commands to type and one question to think about', () => {
  const lessons = lessonsIn(readFileSync(new URL('../../../docs/training.md', import.meta.url), 'utf8')).filter(({ title }) => /^\d/.test(title))
  expect(lessons.length).toBeGreaterThanOrEqual(8)
  expect(lessons.filter(({ commands, questions }) => commands.length === 0 || questions !== 1)).toEqual([])
})
