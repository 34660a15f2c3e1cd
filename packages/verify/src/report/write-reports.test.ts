import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verificationSchema } from '@plimsoll/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { asked, blockedVerification, verification } from '../../test/sample-verification.ts'
import { writeReports } from './write-reports.ts'

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const same = (text: string): string => text
let directory: string
beforeEach(async () => { directory = await mkdtemp(join(tmpdir(), 'plimsoll-report-')) })
afterEach(() => rm(directory, { recursive: true }))

const withEvidence = (...files: string[]) => blockedVerification({ directory: join(directory, 'kept'), checks: [asked('web.pages', 'web', { answers: [{ is: 'fail', evidence: files.map((file) => ({ title: file, file })) }] })], suites: [] })

test('writes five reports and nothing else, and the JSON is the verification itself', async () => {
  const sample = blockedVerification({ directory })
  const paths = await writeReports(sample, { directory, redact: same })
  expect((await readdir(directory)).toSorted()).toEqual(['ctrf.json', 'junit.xml', 'report.html', 'summary.md', 'verification.json'])
  expect(paths).toHaveLength(5)
  expect(verificationSchema.parse(JSON.parse(await readFile(join(directory, 'verification.json'), 'utf8')))).toEqual(sample)
  await writeReports(verification({ directory }), { directory, redact: same })
  expect(await readFile(join(directory, 'report.html'), 'utf8')).toContain('may be released')
})

test('a known secret is in no report, and one that is spelled like the app leaves the record readable', async () => {
  const sample = blockedVerification({ directory, checks: [asked('boot.start', 'health', { answers: [{ is: 'fail', finding: 'refused hunter2-secret', reproduce: 'TOKEN=hunter2-secret node .', evidence: [{ title: 'hunter2-secret', text: 'x hunter2-secret y' }] }] })], problem: { code: 'BUG', message: 'hunter2-secret', details: { log: ['hunter2-secret'] } } })
  const paths = await writeReports(sample, { directory, redact: (text) => text.replaceAll('hunter2-secret', '[secret]').replaceAll('storefront', '[secret]') })
  for (const path of paths) expect(await readFile(path, 'utf8')).not.toContain('hunter2')
  expect(verificationSchema.parse(JSON.parse(await readFile(join(directory, 'verification.json'), 'utf8'))).app).toBe('storefront')
})

test('a picture is shown in the page, and other files lie beside it without their secrets', async () => {
  await mkdir(join(directory, 'kept/evidence/pages'), { recursive: true })
  await writeFile(join(directory, 'kept/evidence/pages/cart.png'), png)
  await writeFile(join(directory, 'kept/evidence/trace.txt'), 'token hunter2')
  const to = join(directory, 'to')
  await writeReports(withEvidence('pages/cart.png', 'trace.txt', 'gone.png'), { directory: to, redact: (text) => text.replaceAll('hunter2', '[secret]') })
  const page = await readFile(join(to, 'report.html'), 'utf8')
  expect(page).toContain(`src="data:image/png;base64,${png.toString('base64')}"`)
  expect(page).toContain('href="./evidence/trace.txt"')
  expect(page).toContain('<code>gone.png</code> is not shown: it is not there')
  expect(await readFile(join(to, 'evidence/trace.txt'), 'utf8')).toBe('token [secret]')
  expect(await readFile(join(to, 'evidence/pages/cart.png'))).toEqual(png)
})

test('a name that leads out of the directory, by dots or by a link, is not followed', async () => {
  await mkdir(join(directory, 'kept/evidence'), { recursive: true })
  await writeFile(join(directory, 'kept/outside.png'), png)
  await symlink(join(directory, 'kept/outside.png'), join(directory, 'kept/evidence/link.png'))
  const to = join(directory, 'to')
  await writeReports(withEvidence('../outside.png', 'link.png'), { directory: to, redact: same })
  const page = await readFile(join(to, 'report.html'), 'utf8')
  expect(page).not.toContain('data:image/png')
  expect(page.match(/its name leads out of the directory of the report/g)).toHaveLength(2)
  expect((await readdir(to)).toSorted()).toEqual(['ctrf.json', 'junit.xml', 'report.html', 'summary.md', 'verification.json'])
})
