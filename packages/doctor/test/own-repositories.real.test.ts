import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { examine } from '../src/examine.ts'
import { readSubject } from '../src/read-subject.ts'

const root = join(import.meta.dirname, '../../..')
const signal = new AbortController().signal
const scratch = await mkdtemp(join(tmpdir(), 'plimsoll-doctor-'))
afterAll(() => rm(scratch, { recursive: true }))

async function holding(name: string, content: string | Uint8Array): Promise<{ root: string; file: string }> {
  const at = join(scratch, name)
  await mkdir(at)
  await writeFile(join(at, 'render.yaml'), content)
  return { root: at, file: 'render.yaml' }
}

test.each([
  ['this repository', root],
  ['the storefront', join(root, 'examples/storefront')],
])('of %s there is nothing to say but remarks', async (_, at) => {
  for (const file of ['render.yaml', 'render.docker.yaml']) {
    const findings = examine(await readSubject({ root: at, file }, signal))
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([])
  }
})

test('a file that is no UTF-8, one that is too large and one that is not there are told apart', async () => {
  const rulesOf = async (name: string, content: string | Uint8Array) => examine(await readSubject(await holding(name, content), signal)).map(({ rule }) => rule)
  expect(await rulesOf('latin', Buffer.from('services: []\n# caf\xE9\n', 'latin1'))).toEqual(['encoding'])
  expect(await rulesOf('large', 'é'.repeat(5 * 2 ** 20))).toEqual(['file-size'])
  await mkdir(join(scratch, 'none/render.yaml'), { recursive: true })
  await expect(readSubject({ root: join(scratch, 'none'), file: 'render.yaml' }, signal)).rejects.toMatchObject({ code: 'NO_BLUEPRINT' })
  await expect(readSubject({ root: scratch, file: 'other.yaml' }, signal)).rejects.toMatchObject({ code: 'NO_BLUEPRINT' })
})
