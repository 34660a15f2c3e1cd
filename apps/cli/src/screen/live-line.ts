/** The last line of a terminal, drawn again and again; on anything that is no terminal, nothing is drawn. */
export interface LiveLine {
  /** Shows `text` in place of what was shown; undefined shows nothing. */
  show(text: string | undefined): void
  /** Writes a line above that stays. */
  print(text: string): void
}

/** The terminal writes `^C` behind the cursor; if that began another line, the one before it could not be cleared any more. */
const roomForEcho = 2

/** Takes away what stands on the terminal's last line. */
export const clearLine = '\r\u001B[K'

export function createLiveLine(stream: NodeJS.WriteStream): LiveLine {
  let shown: string | undefined
  const draw = (): void => {
    if (stream.isTTY && shown !== undefined) stream.write(`${clearLine}${cut(shown, (stream.columns || 80) - roomForEcho)}`)
  }
  return {
    show(text) {
      if (stream.isTTY && text === undefined && shown !== undefined) stream.write(clearLine)
      shown = text
      draw()
    },
    print(text) {
      // Also where nothing is shown: the terminal may have written `^C` there.
      stream.write(`${stream.isTTY ? clearLine : ''}${text}\n`)
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
