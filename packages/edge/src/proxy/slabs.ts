/** As much as any read of an upstream gives at once: at a megabyte, reads of 64 KB cost a fifth more. A client that takes nothing holds so much. */
export const readBytes = 128 * 1024

/** As much of each size is kept for the next answers. */
const keptBytes = 4 * 1024 * 1024

interface Shelf {
  readonly size: number
  readonly free: Buffer[]
}

/** A small piece does not take the room of a large one. */
const shelves: readonly Shelf[] = [64 * 1024, readBytes].map((size) => ({ size, free: [] }))

/**
 * Hands `use` a copy of bytes `from` to `to` that stays as it is until `give` is called; after that it may hold anything. A new
 * buffer for each piece of an answer costs more than to copy it: the collector has to find each one again.
 */
export function withCopy<Result>(bytes: Buffer, { from, to }: { readonly from: number; readonly to: number }, use: (copy: Buffer, give: () => void) => Result): Result {
  const shelf = shelves.find(({ size }) => to - from <= size)
  const slab = shelf?.free.pop() ?? Buffer.allocUnsafeSlow(shelf?.size ?? to - from)
  bytes.copy(slab, 0, from, to)
  return use(slab.subarray(0, to - from), () => {
    if (shelf !== undefined && shelf.free.length * shelf.size < keptBytes) shelf.free.push(slab)
  })
}
