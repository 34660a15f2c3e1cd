import type { TrafficEvent, TrafficPicture } from '@plimsoll/model'

/** `picture` after one more event; undefined while the whole has not come. What was drawn before its first phase is forgotten with it. */
export function withTrafficEvent(picture: TrafficPicture | undefined, told: TrafficEvent): TrafficPicture | undefined {
  if (told.event !== 'point') return told.data
  if (picture === undefined) return undefined
  const { point, phases, restarts } = told.data
  const first = phases[0]?.from ?? ''
  const points = [...picture.points.filter(({ from }) => from < point.from && from >= first), point]
  return { ...picture, points, phases, restarts }
}
