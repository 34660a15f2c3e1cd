import type { RunnableUnit } from '@plimsoll/engine'
import type { Dock } from './containers.ts'
import { diskMarks, resourceLabels, resourceName, type ResourceMarks } from '../container/place-labels.ts'
import type { TarEntry } from '../container/tar.ts'

type Whose = Pick<RunnableUnit, 'app' | 'spec'>

function marksOf({ app, spec: { service, disk } }: Whose): ResourceMarks | undefined {
  return disk && diskMarks(app, { service, name: disk.name })
}

/** The volume of a service's disk, as the engine is sent it for an instance. It has been made by {@link makeDisk}. */
export function mountsOf(place: Dock['place'], whose: Whose): { readonly Mounts?: readonly object[] } {
  const [marks, target] = [marksOf(whose), whose.spec.disk?.mountPath]
  return marks === undefined ? {} : { Mounts: [{ Type: 'volume', Source: resourceName(place, marks), Target: target }] }
}

/** Makes the volume of a service's disk, which outlives every release. Twice is once; without a disk nothing. */
export async function makeDisk({ engine, place }: Dock, whose: Whose, signal: AbortSignal): Promise<void> {
  const marks = marksOf(whose)
  if (marks === undefined) return
  await engine.call({ method: 'POST', path: '/volumes/create', body: { Name: resourceName(place, marks), Labels: resourceLabels(place, marks) }, to: `make the disk of ${whose.spec.service}` }, signal)
}

/** What lets the user of an image write to its disk, which the engine makes for root. */
export function diskEntries({ spec: { disk } }: Pick<Whose, 'spec'>, uid: number): readonly TarEntry[] {
  return disk === undefined ? [] : [{ path: `${disk.mountPath.replace(/^\/+|\/+$/g, '')}/`, mode: 0o755, uid }]
}
