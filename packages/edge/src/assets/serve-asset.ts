export function serveAsset(_asset: unknown): boolean {
  return false
}
