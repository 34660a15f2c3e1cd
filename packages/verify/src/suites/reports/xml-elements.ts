export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** All text directly in it. */
  readonly text: string
}

interface Open {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
  text: string
}

const deepest = 100
const token = /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|[^<]+/gy
const attribute = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * The root of a document as tools write reports: elements, attributes, text. A declaration of entities is not taken, so nothing grows by itself.
 * Gives a sentence when it is no such document, or ends too early.
 */
export function xmlElements(text: string): XmlElement | string {
  const root: Open = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  token.lastIndex = 0
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at
    const found = token.exec(text)
    const top = open.at(-1) ?? root
    if (found === null) return text.startsWith('<!DOCTYPE', at) ? 'it declares a document type' : `it is no XML at character ${at + 1}, or ends there`
    const [whole, data, closes, name, attributes, empty] = found
    if (data !== undefined) top.text += data
    else if (name === undefined) top.text += whole.startsWith('<') ? '' : decoded(whole)
    else if (closes === '/') {
      if (top.name !== name || open.length < 2) return `</${name}> closes nothing at character ${at + 1}`
      open.pop()
    } else {
      const element: Open = { name, attributes: attributesIn(attributes ?? ''), children: [], text: '' }
      top.children.push(element)
      if (empty !== '/') open.push(element)
      if (open.length > deepest) return `it is nested more than ${deepest} deep`
    }
  }
  const [document] = root.children
  if (document === undefined) return 'it is empty'
  return open.length > 1 ? `it ends before <${open.at(-1)?.name ?? ''}> does` : document
}

function attributesIn(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(attribute)].map(([, key = '', double, single]) => [key, decoded(double ?? single ?? '')]))
}

function decoded(text: string): string {
  return text.replaceAll(/&(#\d{1,7}|#x[\da-fA-F]{1,6}|\w{1,8});/g, (whole, what: string) => {
    if (!what.startsWith('#')) return named[what] ?? whole
    const point = what.startsWith('#x') ? Number.parseInt(what.slice(2), 16) : Number(what.slice(1))
    return point > 0x10ffff ? whole : String.fromCodePoint(point)
  })
}
