import { isUtf8 } from 'node:buffer'
import { mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { verdictsOf, type Verification } from '@plimsoll/model'
import { isInside, pictureType } from './kept-file.ts'

/** What a report can do with a file that a check kept. */
export type EvidenceFile =
  | { readonly is: 'picture'; readonly dataUri: string }
  /** Too large for the page, or no picture: it lies beside it. */
  | { readonly is: 'beside' }
  | { readonly is: 'absent'; readonly why: string }

/** By the name that the evidence has. */
export type EvidenceFiles = ReadonlyMap<string, EvidenceFile>

interface Places {
  /** Where the checks kept them. */
  readonly from: string
  /** Where the report is written; may be the same. */
  readonly to: string
  readonly redact: (text: string) => string
}

/** A page with more than this in it opens slowly. */
const largestPicture = 3_000_000
const roomForPictures = 24_000_000

/**
 * Brings every file of the evidence beside the report, texts without their secrets, and gives what the page is to do with each. A name that
 * leads out of its directory, by dots or by a link, is not followed. A file that cannot be read is said to be absent, and never thrown for.
 */
export async function evidenceFiles(verification: Verification, places: Places): Promise<EvidenceFiles> {
  const names = new Set(verdictsOf(verification).flatMap(({ evidence = [] }) => evidence.flatMap(({ file }) => file ?? [])))
  const files = new Map<string, EvidenceFile>()
  let room = roomForPictures
  for (const name of names) {
    const file = await brought(name, places, Math.min(room, largestPicture))
    if (file.is === 'picture') room -= file.dataUri.length
    files.set(name, file)
  }
  return files
}

async function brought(name: string, { from, to, redact }: Places, room: number): Promise<EvidenceFile> {
  try {
    const source = await realpath(join(from, name))
    if (!isInside(source, await realpath(from)) || !isInside(join(to, name), to)) return { is: 'absent', why: 'its name leads out of the directory of the report' }
    if (!(await stat(source)).isFile()) return { is: 'absent', why: 'it is no file' }
    const bytes = await readFile(source)
    const type = pictureType(bytes)
    const kept = type === undefined && isUtf8(bytes) ? Buffer.from(redact(bytes.toString('utf8'))) : bytes
    const target = join(to, name)
    if (target !== source || !kept.equals(bytes)) {
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, kept)
    }
    if (type === undefined || kept.length > room) return { is: 'beside' }
    return { is: 'picture', dataUri: `data:${type};base64,${kept.toString('base64')}` }
  } catch (error) {
    // The report is worth more than one of its pictures.
    return { is: 'absent', why: error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'it is not there' : 'it could not be read' }
  }
}
