import type { Artifact } from '@plimsoll/model'
import { durationText } from './screen/durations.ts'
import type { Painter } from './screen/painter.ts'

type Row = Pick<Artifact, 'service' | 'sizeBytes' | 'digest' | 'image' | 'fresh' | 'buildMs'>

/** One line an image: its service, its size on an engine's disk, how long it took, and its digest; of one that was pushed, its name in the registry. */
export function imageTable(images: readonly Row[], paint: Painter): string {
  const rows = images.map(({ service, sizeBytes, digest, image, fresh, buildMs }) => ({ service, size: sizeText(sizeBytes), took: fresh ? durationText(buildMs) : 'found', name: image?.includes('@') === true ? image : digest }))
  const width = (column: 'service' | 'size' | 'took') => Math.max(0, ...rows.map((row) => row[column].length))
  const [service, size, took] = [width('service'), width('size'), width('took')]
  return rows.map((row) => `${paint('green', '✓')} ${row.service.padEnd(service)}  ${row.size.padStart(size)}  ${paint('dim', row.took.padStart(took))}  ${row.name}\n`).join('')
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
