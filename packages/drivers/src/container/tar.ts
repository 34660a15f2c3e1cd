/** One entry of a tar. Everything in it belongs to root unless `uid` says otherwise. */
export interface TarEntry {
  /** Without a leading slash; directories end in one. */
  readonly path: string
  readonly mode: number
  readonly uid?: number
  /** Of a file. */
  readonly content?: Buffer
  /** Where a symbolic link leads. */
  readonly link?: string
}

const blockSize = 512

/** The same entries make the same bytes: no times, no names of users. */
export function* tarOf(entries: Iterable<TarEntry>): Generator<Buffer> {
  for (const entry of entries) {
    const content = entry.content ?? Buffer.alloc(0)
    yield headerOf(entry, content.length)
    yield content
    yield Buffer.alloc((blockSize - (content.length % blockSize)) % blockSize)
  }
  yield Buffer.alloc(2 * blockSize)
}

function headerOf({ path, mode, uid = 0, link }: TarEntry, size: number): Buffer {
  const header = Buffer.alloc(blockSize)
  const { prefix, name } = splitPath(path)
  if (Buffer.byteLength(link ?? '') > 100) throw new Error(`the link ${link} of ${path} is too long for a tar`)
  header.write(name, 0)
  header.write(octal(mode, 8), 100)
  header.write(octal(uid, 8), 108)
  header.write(octal(uid, 8), 116)
  header.write(octal(size, 12), 124)
  header.write(octal(0, 12), 136)
  header.write(' '.repeat(8), 148)
  header.write(link !== undefined ? '2' : path.endsWith('/') ? '5' : '0', 156)
  header.write(link ?? '', 157)
  header.write('ustar\x0000', 257)
  header.write(prefix, 345)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${octal(sum, 7)} `, 148)
  return header
}

/** A path of more than 100 bytes is cut at a slash: up to 155 before it, up to 100 behind. */
function splitPath(path: string): { readonly prefix: string; readonly name: string } {
  if (Buffer.byteLength(path) <= 100) return { prefix: '', name: path }
  const cuts = [...path.matchAll(/\//g)].map(({ index }) => ({ prefix: path.slice(0, index), name: path.slice(index + 1) }))
  const cut = cuts.find(({ prefix, name }) => name !== '' && Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155)
  if (cut === undefined) throw new Error(`the path ${path} is too long for a tar`)
  return cut
}

/** The digits of a number, and the zero byte that ends them. */
function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`
}

/** The text of the first file in a tar; empty when there is none. */
export function firstFileIn(tar: Buffer): string {
  for (let at = 0; at + blockSize <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8)
    const content = at + blockSize
    if (tar.toString('latin1', at + 156, at + 157) === '0') return tar.toString('utf8', content, content + size)
    at = content + Math.ceil(size / blockSize) * blockSize
  }
  return ''
}
