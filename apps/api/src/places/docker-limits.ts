import { PlimsollError, type UnitSpec } from '@plimsoll/model'

/** Blueprint runtimes of which an image can be made, or is there: Node's by a Dockerfile that is written for them, others by one of the repository's own. */
const imageRuntimes = new Set(['node', 'static', 'docker', 'image', ''])

/** Throws `PLACE_CANNOT`, naming every service of which no image can be made. */
export function assertDockerCanRun(specs: readonly UnitSpec[]): void {
  const cannot = specs.filter(({ kind, runtime, image }) => kind !== 'keyvalue' && image === undefined && !imageRuntimes.has(runtime))
  if (cannot.length === 0) return
  throw new PlimsollError('PLACE_CANNOT', `On Docker the runtimes node, static and docker are built; ${cannot.map(({ service, runtime }) => `${service} has ${runtime}`).join(', ')}`, {
    hint: 'Give the service a Dockerfile: `runtime: docker` and `dockerfilePath`.',
  })
}
