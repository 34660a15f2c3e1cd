import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { tarOf, type TarEntry } from './tar.ts'

const long = `${'directory/'.repeat(12)}file`

test('what it makes is read by tar as it was meant', () => {
  const tar = Buffer.concat([...tarOf([
    { path: 'run/', mode: 0o755 },
    { path: 'run/secret', mode: 0o400, uid: 1000, content: Buffer.from('value\n') },
    { path: 'bin/sh', mode: 0o777, link: 'busybox' },
    { path: long, mode: 0o644, content: Buffer.alloc(513) },
  ])])
  const listed = execFileSync('tar', ['-tv', '--numeric-owner', '--utc'], { input: tar, encoding: 'utf8' }).trimEnd().split('\n')
  expect(listed.map((line) => line.replace(/ +/g, ' '))).toEqual([
    'drwxr-xr-x 0/0 0 1970-01-01 00:00 run/',
    '-r-------- 1000/1000 6 1970-01-01 00:00 run/secret',
    'lrwxrwxrwx 0/0 0 1970-01-01 00:00 bin/sh -> busybox',
    `-rw-r--r-- 0/0 513 1970-01-01 00:00 ${long}`,
  ])
  expect(execFileSync('tar', ['-xO', 'run/secret'], { input: tar, encoding: 'utf8' })).toBe('value\n')
})

test('the same entries make the same bytes', () => {
  const entries: TarEntry[] = [{ path: 'a', mode: 0o644, content: Buffer.from('a') }]
  expect([...tarOf(entries)]).toEqual([...tarOf(entries)])
})

test('a path that no tar of this form holds is refused', () => {
  expect(() => [...tarOf([{ path: 'x'.repeat(200), mode: 0o644 }])]).toThrow('too long for a tar')
})
