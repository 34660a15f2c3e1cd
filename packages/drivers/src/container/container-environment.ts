import type { RunnableUnit } from '@plimsoll/engine'
import { listens } from '@plimsoll/model'
import type { ContainerCommand } from './container-command.ts'
import type { Marks } from './place-labels.ts'
import { placeEnvironment, type PlacedEnvironment } from './placed-environment.ts'

/** Where every instance listens inside its container, as on Render. */
export const containerPort = 10_000

interface Whose {
  readonly runnable: RunnableUnit
  readonly marks: Marks
  readonly command: ContainerCommand
}

/** What the Blueprint says, kept out of the engine's sight where that can be, and what differs between instances. */
export function environmentOf({ runnable: { spec, environment }, marks: { id, role }, command }: Whose): PlacedEnvironment {
  const { PORT: given, ...others } = environment
  const isInstance = role === 'instance' && listens(spec.kind)
  const { shown, file } = placeEnvironment({ ...others, ...(!isInstance && given !== undefined && { PORT: given }) }, command.loader)
  const ours = { ...(command.tellsGroup && { TINI_KILL_PROCESS_GROUP: '1' }), RENDER_INSTANCE_ID: id, ...(isInstance && { PORT: String(containerPort) }) }
  return { shown: { ...shown, ...ours }, ...(file && { file }) }
}
