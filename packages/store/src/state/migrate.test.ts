import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { oldestIn } from './migrate.ts'

const directory = new URL('../../migrations/', import.meta.url)
/** From here on two versions may run on one schema at the same time. */
const sideBySideFrom = 19
const takesAway = /\b(?:drop\s+(?!not\s+null)|rename\s|set\s+not\s+null|alter\s+column\s+\S+\s+(?:set\s+data\s+)?type\b|truncate\b)|\badd\s+column\s+(?:if\s+not\s+exists\s+)?\S+\s+(?![^,;]*\bdefault\b)[^,;]*\bnot\s+null\b/i

test('a migration that takes away what older code may need says which code still runs on it', async () => {
  const names = (await readdir(directory)).filter((name) => Number.parseInt(name, 10) >= sideBySideFrom)
  const texts = await Promise.all(names.map(async (name) => ({ name, text: await readFile(new URL(name, directory), 'utf8') })))
  expect(names).not.toEqual([])
  expect(texts.filter(({ text }) => takesAway.test(text.replaceAll(/--.*$/gm, '')) && oldestIn(text) === 0).map(({ name }) => name)).toEqual([])
})

test.each([
  'alter table plimsoll.apps drop column root;', 'alter table plimsoll.apps rename column root to directory;', 'alter table plimsoll.apps alter column root set not null;',
  'alter table plimsoll.apps alter column root type jsonb;', 'alter table plimsoll.apps add column shade text not null;', 'drop table plimsoll.apps;',
])('%s takes something away', (sql) => {
  expect(sql).toMatch(takesAway)
})

test.each([
  'alter table plimsoll.apps add column shade text;', "alter table plimsoll.apps add column shade text not null default 'blue';",
  'alter table plimsoll.apps alter column root drop not null;', 'create table plimsoll.more (key text primary key, value text not null);',
])('%s only adds', (sql) => {
  expect(sql).not.toMatch(takesAway)
})

test('which code still runs is told by a line of its own', () => {
  expect(oldestIn('-- The old root is gone.\n-- Runs under what knows 0012 and later.\nalter table plimsoll.apps drop column root;\n')).toBe(12)
  expect(oldestIn('alter table plimsoll.apps add column shade text;\n')).toBe(0)
})
