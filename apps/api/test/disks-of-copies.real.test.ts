import { fakeEdge } from '@plimsoll/engine/fakes'
import { withTestServer } from '@plimsoll/store/test-server'
import type { RehearsalCheck } from '@plimsoll/verify/rehearse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askOnce, liveShop } from './rehearsal-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })

/** Raises the shared copy and one of its own, and says how many were destroyed when that was removed. */
const raisesTwo = (destroyed: readonly string[]): RehearsalCheck => ({
  id: 'test.raises', title: 'Raises', concern: 'services', limitMs: 60_000,
  async ask(rehearsal, signal) {
    await rehearsal.shared(signal)
    const copy = await rehearsal.raise({}, signal)
    await copy.remove()
    return [{ is: 'pass', finding: `${destroyed.length} destroyed` }]
  },
})

async function destroyedOf(candidate: { readonly disk?: true }): Promise<{ readonly destroyed: readonly string[]; readonly finding: string | undefined }> {
  const destroyed: string[] = []
  const answers = await askOnce({ postgres: server.postgres(), edge: fakeEdge(), candidate: { migrations: [liveShop.items], ...candidate }, destroyed: (copy) => destroyed.push(copy) }, [raisesTwo(destroyed)])
  const [verdict] = answers['test.raises'] ?? []
  return { destroyed, finding: verdict?.is === 'pass' ? verdict.finding : undefined }
}

test('what a copy keeps on a disk goes when the copy goes, and of an app without one nothing has to', async () => {
  const { destroyed, finding } = await destroyedOf({ disk: true })
  expect([finding, new Set(destroyed).size]).toEqual(['1 destroyed', 2])
  expect(await destroyedOf({})).toEqual({ destroyed: [], finding: '0 destroyed' })
})
