/** `services[2].envVars[0]."a b"` → `['services', 2, 'envVars', 0, 'a b']`; undefined for what is no such path. */
export function pathSteps(path: string): (string | number)[] | undefined {
  const steps: (string | number)[] = []
  let rest = path
  while (rest !== '') {
    const found = /^\.?(?:\[(\d+)\]|("(?:[^"\\]|\\.)*")|([A-Za-z_][\w-]*))/.exec(rest)
    if (found === null) return undefined
    const [whole, index, quoted, plain] = found
    steps.push(index !== undefined ? Number(index) : quoted !== undefined ? String(JSON.parse(quoted)) : (plain ?? ''))
    rest = rest.slice(whole.length)
  }
  return steps
}
