/** Takes out of `known` what was put there first, until at most `most` are left. */
export function forgetOldest(known: Map<string, unknown>, most: number): void {
  for (const oldest of known.keys()) {
    if (known.size <= most) return
    known.delete(oldest)
  }
}
