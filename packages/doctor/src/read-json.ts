/** JSON that may have comments and commas at the ends of lists, as turbo.json may; undefined for what is none. */
export function readJson(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text.replaceAll(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[^]*?\*\//g, '$1').replaceAll(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, '$1'))
  } catch {
    // Whatever it is, it says nothing that could be relied on.
    return undefined
  }
}
