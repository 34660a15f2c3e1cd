/** The last line of a terminal, drawn again and again; on anything that is no terminal, nothing is drawn. */
export interface LiveLine {
  /** Shows `text` in place of what was shown; undefined shows nothing. */
  show(text: string | undefined): void
  /** Writes a line above that stays. */
  print(text: string): void
}

const clear = '\r\u001B[K'

export function createLiveLine(stream: NodeJS.WriteStream): LiveLine {
  let shown: string | undefined
  const draw = (): void => {
    if (stream.isTTY && shown !== undefined) stream.write(`${clear}${cut(shown, stream.columns || 80)}`)
  }
  return {
    show(text) {
      if (stream.isTTY && text === undefined && shown !== undefined) stream.write(clear)
      shown = text
      draw()
    },
    print(text) {
      stream.write(`${stream.isTTY && shown !== undefined ? clear : ''}${text}\n`)
      draw()
    },
  }
}

/** `text` cut to `columns` characters; colour codes take no room. */
export function cut(text: string, columns: number): string {
  let room = columns - 1
  let cutText = ''
  // oxlint-disable-next-line no-control-regex -- a control character is what is looked for
  for (const [part] of text.matchAll(/\u001B\[[0-9;]*m|./gsu)) {
    if (part.startsWith('\u001B')) cutText += part
    else if (room > 0) { cutText += part; room -= 1 }
  }
  return cutText
}
