const slabBytes = 64 * 1024

/** As many as are kept for the next answers: 4 MB. */
const maxFree = 64

const free: Buffer[] = []

/**
 * Hands `use` a copy of bytes `from` to `to` that stays as it is until `give` is called; after that it may hold anything. A new
 * buffer for each piece of an answer costs more than to copy it: the collector has to find each one again.
 */
export function withCopy<Result>(bytes: Buffer, { from, to }: { readonly from: number; readonly to: number }, use: (copy: Buffer, give: () => void) => Result): Result {
  const slab = to - from > slabBytes ? Buffer.allocUnsafeSlow(to - from) : (free.pop() ?? Buffer.allocUnsafeSlow(slabBytes))
  bytes.copy(slab, 0, from, to)
  return use(slab.subarray(0, to - from), () => {
    if (slab.length === slabBytes && free.length < maxFree) free.push(slab)
  })
}
