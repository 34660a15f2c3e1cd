/** Whether `version` (`24.21.0`) lies in a range as package.json writes it (`>=20 <25`, `^22.12 || 24.x`); undefined for a range of another form. */
export function satisfies(version: string, range: string): boolean | undefined {
  const own = numbersOf(version)
  if (own === undefined) return undefined
  const alternatives = range.split('||').map((each) => allHold(own, each.trim()))
  return alternatives.includes(true) ? true : alternatives.includes(undefined) ? undefined : false
}

type Numbers = readonly [number, number, number]

function allHold(own: Numbers, set: string): boolean | undefined {
  const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(set)
  const terms = hyphen === null ? set.replaceAll(/([<>=^~]+)\s+/g, '$1').split(/\s+/) : [`>=${hyphen[1]}`, `<=${hyphen[2]}`]
  const answers = terms.map((term) => holds(own, term))
  return answers.includes(undefined) ? undefined : !answers.includes(false)
}

const form = /^([<>]=?|=|\^|~>?)?v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:[-+].*)?$/

function holds(own: Numbers, term: string): boolean | undefined {
  if (term === '' || term === '*' || term === 'latest') return true
  const [, sign = '', ...written] = form.exec(term) ?? []
  if (written.length === 0) return undefined
  const given = written.filter((each) => each !== undefined && /^\d+$/.test(each)).map(Number)
  const [major = 0, minor = 0, patch = 0] = given
  const low: Numbers = [major, minor, patch]
  // What is left out is any: `24` is every 24.x.y, and `<=24` holds for all of them.
  const next: Numbers = given.length === 0 ? [Infinity, 0, 0] : given.length === 1 ? [major + 1, 0, 0] : given.length === 2 ? [major, minor + 1, 0] : [major, minor, patch + 1]
  const isFrom = compare(own, low) >= 0
  switch (sign) {
    case '>=': return isFrom
    case '>': return compare(own, next) >= 0
    case '<': return !isFrom
    case '<=': return compare(own, next) < 0
    case '^': return isFrom && compare(own, major > 0 || given.length < 2 ? [major + 1, 0, 0] : [0, minor + 1, 0]) < 0
    case '~': case '~>': return isFrom && compare(own, given.length < 2 ? [major + 1, 0, 0] : [major, minor + 1, 0]) < 0
    default: return isFrom && compare(own, next) < 0
  }
}

function compare(a: Numbers, b: Numbers): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}

function numbersOf(version: string): Numbers | undefined {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)]
}
