/** A text as YAML has it on one line: plain where that means the same, else between quotes. */
export function yamlText(text: string): string {
  const isPlain = /^[A-Za-z/.][^\n#'"[\]{}]*$/.test(text) && !/:\s|:$|\s$/.test(text) && !/^(?:true|false|yes|no|on|off|null|~)$/i.test(text)
  return isPlain ? text : `'${text.replaceAll("'", "''")}'`
}

export function indented(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => (line === '' ? '' : `${' '.repeat(columns)}${line}`))
}
