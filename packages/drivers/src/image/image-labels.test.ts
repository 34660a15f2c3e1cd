import { expect, test } from 'vitest'
import { imageLabels, nextNamesIn } from './image-labels.ts'
import type { PreparedImage } from './prepare-image.ts'

const prepared = (nextDirectories: readonly string[]): Pick<PreparedImage, 'inputs' | 'dockerfile'> => ({
  inputs: { digest: `sha256:${'1'.repeat(64)}`, packages: [] } as unknown as PreparedImage['inputs'],
  dockerfile: { is: 'written', text: '', ignore: '', plan: { nextDirectories } } as unknown as PreparedImage['dockerfile'],
})

test('whoever has only the image knows where Next.js has built to, and the usual place needs no label', () => {
  expect(imageLabels(prepared(['apps/web/.next']))).not.toHaveProperty(['plimsoll.next'])
  expect(nextNamesIn(imageLabels(prepared(['apps/web/.next'])))).toEqual(['.next'])
  expect(nextNamesIn(imageLabels(prepared(['apps/web/build'])))).toEqual(['build'])
  expect(nextNamesIn({})).toEqual(['.next'])
})
