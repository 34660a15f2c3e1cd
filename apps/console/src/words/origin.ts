const words: Readonly<Record<string, string>> = {
  'value': 'written in render.yaml',
  'injected': 'given by Plimsoll',
  'generated': 'generated once',
  'plimsoll env set': 'set by a person',
}

/** Where a value comes from, as people say it; what names a group, a service or a database says so itself. */
export function originOf(origin: string): string {
  return words[origin] ?? origin
}
