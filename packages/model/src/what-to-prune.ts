/** Something that lies on the disk and could be let go. */
export interface Held {
  readonly name: string
  readonly bytes: number
  /** Milliseconds since 1970. */
  readonly usedAt: number
  /** Stays, whatever room there is. */
  readonly needed: boolean
}

/** How much may be held. */
export interface Room {
  /** All that is held together. */
  readonly maxBytes: number
  /** What is to stay free on the disk. */
  readonly minFreeBytes: number
}

/**
 * The names of what is to go, those used longest ago first, and no more of them than it takes until the rest has room and
 * the disk has `minFreeBytes`. Nothing that is needed goes, even where there is no room without it.
 */
export function whatToPrune(held: readonly Held[], { maxBytes, minFreeBytes }: Room, freeBytes: number): string[] {
  let over = Math.max(held.reduce((sum, { bytes }) => sum + bytes, 0) - maxBytes, minFreeBytes - freeBytes)
  const gone: string[] = []
  for (const { name, bytes } of held.filter(({ needed }) => !needed).toSorted((one, other) => one.usedAt - other.usedAt)) {
    if (over <= 0) break
    over -= bytes
    gone.push(name)
  }
  return gone
}
