import path from 'node:path'
import type { PreparedImage } from './prepare-image.ts'

const nextLabel = 'plimsoll.next'
const usual = '.next'

/** What an image says of itself, for whoever has it without its source. */
export function imageLabels({ inputs, dockerfile }: Pick<PreparedImage, 'inputs' | 'dockerfile'>): Record<string, string> {
  const next = dockerfile.is === 'own' ? [] : dockerfile.plan.nextDirectories.map((each) => path.posix.basename(each))
  return { 'plimsoll.inputs': inputs.digest, 'plimsoll.dockerfile': dockerfile.is, ...(next.some((name) => name !== usual) && { [nextLabel]: next.join(' ') }) }
}

/** The names of the directories that Next.js has built to. */
export function nextNamesIn(labels: Readonly<Record<string, string>>): readonly string[] {
  return labels[nextLabel]?.split(' ') ?? [usual]
}
