import type { Address } from '@plimsoll/model'

/** What makes a map that holds `before` hold `after`. Keys have no white space. */
export function mapCommands(map: string, before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const changed = [...after].filter(([key, value]) => before.get(key) !== value)
  return [
    ...changed.map(([key, value]) => `${before.has(key) ? 'set' : 'add'} map ${map} ${key} ${value}`),
    ...[...before.keys()].filter((key) => !after.has(key)).map((key) => `del map ${map} ${key}`),
  ]
}

/**
 * A server that is added keeps no connection open unless it is told to, and a new one for each request costs more than all else that
 * HAProxy does. Idle ones are closed by and by, half of them each time, before an instance that waits 5 s, as Node does, closes them itself.
 */
const pool = 'pool-purge-delay 1s pool-max-conn -1'

/** What makes an empty lane lead to these instances. */
export function openLane(lane: string, addresses: readonly Address[]): string[] {
  return addresses.flatMap(({ host, port }, index) => {
    const at = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
    return [`add server ${lane}/i${index} ${at} ${pool}`, `enable server ${lane}/i${index}`]
  })
}

/** What makes a lane empty that has no connections, not even idle ones. */
export function clearLane(lane: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => [`set server ${lane}/i${index} state maint`, `del server ${lane}/i${index}`]).flat()
}

/** What ends whatever is under way on a lane. With its servers gone first, nothing of that is tried again. */
export function cutLane(lane: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => [`set server ${lane}/i${index} state maint`, `shutdown sessions server ${lane}/i${index}`]).flat()
}

/** What HAProxy says when it did what it was told; it says nothing about most. */
const goodWords = new Set(['New server registered.', 'Server deleted.'])

/** What of an answer is a complaint. */
export function complaintsIn(answer: string): string[] {
  return answer.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !goodWords.has(line))
}
