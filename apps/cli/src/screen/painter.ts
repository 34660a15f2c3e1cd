import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Colours text for one stream: not at all where it is no terminal, or where `NO_COLOR` asks for none. */
export interface Painter {
  (style: Style, text: string): string
}

export function createPainter(stream: NodeJS.WriteStream): Painter {
  return (style, text) => styleText(style, text, { stream, validateStream: true })
}
