import { type FileHandle, open, rename, stat } from 'node:fs/promises'

/** A file that is written to at its end, and may be moved away by others. */
export class LogFile {
  readonly #path: string
  #handle: FileHandle | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** From here on it is what stands at the path now. */
  async reopen(): Promise<void> {
    const [there, mine] = await Promise.all([inodeAt(this.#path), this.#handle?.stat().then(({ ino }) => ino)])
    if (there !== undefined && there === mine) return
    await this.close()
    this.#handle = await open(this.#path, 'a', 0o600)
  }

  async append(text: string): Promise<void> {
    await this.#handle?.appendFile(text)
  }

  async size(): Promise<number> {
    return (await this.#handle?.stat())?.size ?? 0
  }

  async putAside(): Promise<void> {
    await rename(this.#path, `${this.#path}.1`)
  }

  async close(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    await handle?.close()
  }
}

/** Undefined where nothing stands; what else is wrong shows when it is opened. */
async function inodeAt(path: string): Promise<number | undefined> {
  return stat(path).then(({ ino }) => ino, () => undefined)
}
