import { calleeOf, endsProgram, isWithin, keyOf, nameOf, part, parts, textOf, type Around, type Syntax } from './syntax.ts'

/** What becomes of a program when a variable is not set. */
export type Need =
  /** It does not work; `because` ends a sentence that begins with the place. */
  | { readonly is: 'required'; readonly because: string }
  /** It looks whether it is there. */
  | { readonly is: 'optional' }
  /** It takes another value; undefined where that is no plain text. */
  | { readonly is: 'fallback'; readonly value: string | undefined }
  /** It goes where this does not follow. */
  | { readonly is: 'unsure' }

/** One place where a name stands, with what holds it. */
export interface Use {
  readonly node: Syntax
  readonly around: readonly Syntax[]
}

/** What a reader of one module knows of it. */
export interface ModuleScope {
  readonly text: string
  /** Every place of a name but its declaration; undefined for one that is declared more than once, so that nobody knows which is meant. */
  usesOf(name: string): readonly Use[] | undefined
  /** Whether a function of the module does nothing but throw. */
  throwsAlways(name: string): boolean
  /** What the first declaration of a name gives it. */
  declared(name: string): Syntax | undefined
}

const throwing: Need = { is: 'required', because: 'refuses to go on without it' }
const claimed: Need = { is: 'required', because: 'takes for granted that it is set' }
const used: Need = { is: 'required', because: 'uses it without looking whether it is there' }
const optional: Need = { is: 'optional' }
const unsure: Need = { is: 'unsure' }
const transparent = new Set(['ParenthesizedExpression', 'ChainExpression', 'TSSatisfiesExpression'])

/** What the code does with a value that may be missing. Undefined where it is written and not read. `name` is what a guard would speak of. */
export function needOf({ node, around }: Use, name: string, scope: ModuleScope): Need | undefined {
  let inner = node
  let isClaimed = false
  for (const [index, outer] of around.entries()) {
    const rest = { node: outer, around: around.slice(index + 1) }
    if (outer.type === 'TSNonNullExpression') return guarded({ node: outer, around: rest.around }, name, scope) ? optional : claimed
    if (outer.type === 'TSAsExpression' || outer.type === 'TSTypeAssertion') isClaimed ||= part(outer, 'typeAnnotation')?.type === 'TSStringKeyword'
    else if (!transparent.has(outer.type)) {
      const need = needBy({ inner, outer, rest, name }, scope)
      return need?.is === 'unsure' && isClaimed ? claimed : need
    }
    inner = outer
  }
  return unsure
}

interface Meeting {
  readonly inner: Syntax
  readonly outer: Syntax
  readonly rest: Use
  readonly name: string
}

function needBy(meeting: Meeting, scope: ModuleScope): Need | undefined {
  const { inner, outer, rest, name } = meeting
  switch (outer.type) {
    case 'LogicalExpression': return part(outer, 'left') === inner ? needOfAlternative(outer, scope) : softened(needOf(rest, name, scope))
    case 'ConditionalExpression': return part(outer, 'test') === inner ? optional : softened(needOf(rest, name, scope))
    case 'IfStatement': return endsProgram(part(outer, 'alternate')) ? throwing : optional
    case 'UnaryExpression': return outer['operator'] === 'delete' ? undefined : outer['operator'] === '!' || outer['operator'] === 'typeof' ? needOfGuard(rest) : unsure
    case 'BinaryExpression': return outer['operator'] === '+' ? interpolated(meeting, scope) : needOfGuard(rest)
    case 'TemplateLiteral': return interpolated(meeting, scope)
    case 'MemberExpression': return part(outer, 'object') !== inner || outer['optional'] === true || guarded(rest, name, scope) ? optional : used
    case 'AssignmentExpression': return part(outer, 'left') === inner ? (outer['operator'] === '=' ? undefined : { is: 'fallback', value: textOf(part(outer, 'right')) }) : unsure
    case 'VariableDeclarator': return needOfBinding(part(outer, 'id'), scope)
    case 'CallExpression': case 'NewExpression': return guarded(rest, name, scope) ? optional : needOfArgument(outer, inner)
    default: return unsure
  }
}

function needOfAlternative(logical: Syntax, scope: ModuleScope): Need {
  if (logical['operator'] === '&&') return optional
  const right = part(logical, 'right')
  const callee = calleeOf(right)
  const throws = endsProgram(part(part(right, 'callee'), 'body')) || (callee !== undefined && (scope.throwsAlways(callee) || /^(?:throw|raise|fail|panic|die|missing|required?)(?:[A-Z_]|$)/.test(callee)))
  return throws ? throwing : { is: 'fallback', value: textOf(right) }
}

/** `if (!value) throw …`, also with others beside it (`!a || !b`); whoever looks and goes on does without. */
function needOfGuard({ node, around }: Use): Need {
  let inner = node
  for (const outer of around) {
    if (outer.type === 'IfStatement') return part(outer, 'test') === inner && endsProgram(part(outer, 'consequent')) ? throwing : optional
    if (!transparent.has(outer.type) && !(outer.type === 'LogicalExpression' && outer['operator'] === '||')) return optional
    inner = outer
  }
  return optional
}

/** "undefined" inside of an address or a key is never meant; in a line of a log it is. */
function interpolated({ rest, name }: Meeting, scope: ModuleScope): Need {
  const isLogged = rest.around.some((outer) => outer.type === 'CallExpression' && /^(?:console|log|logger)\b|\.(?:log|info|debug|warn|error)$/.test(calleeOf(outer) ?? ''))
  return isLogged || guarded(rest, name, scope) ? optional : used
}

function needOfArgument(call: Syntax, inner: Syntax): Need {
  const callee = calleeOf(call) ?? ''
  if (/^(?:assert|invariant|ok)(?:\.|$)|\.assert$/.test(callee)) return throwing
  if (call.type === 'NewExpression' && callee === 'URL' && parts(call, 'arguments')[0] === inner) return used
  return callee === 'Boolean' || callee === 'isNaN' ? optional : unsure
}

/** What becomes of a variable that was put into `const x` shows where x goes. */
function needOfBinding(id: Syntax | undefined, scope: ModuleScope): Need {
  const name = nameOf(id)
  const uses = name === undefined ? undefined : scope.usesOf(name)
  if (name === undefined || uses === undefined) return unsure
  const needs = uses.flatMap((use) => (use.around[0]?.type === 'VariableDeclarator' ? unsure : (needOf(use, name, scope) ?? [])))
  return needs.find((need) => need === throwing) ?? needs.find(({ is }) => is === 'optional' || is === 'fallback') ?? needs.find(({ is }) => is === 'required') ?? unsure
}

function softened(need: Need | undefined): Need | undefined {
  return need?.is === 'required' ? unsure : need
}

/** Whether something around it asks first. */
function guarded({ node, around }: Use, name: string, { text }: ModuleScope): boolean {
  return around.some((outer) => {
    const test = part(outer, 'test') ?? (outer.type === 'LogicalExpression' && outer['operator'] === '&&' ? part(outer, 'left') : undefined)
    return test !== undefined && !isWithin(node, test) && text.slice(test.start, test.end).includes(name)
  })
}

/** `around` as a walk gives it. */
export function useOf(node: Syntax, around: Around): Use {
  return { node, around: around() }
}

/** The name that a member of the environment is read by; undefined for one that is computed. */
export function keyRead(member: Syntax | undefined): string | undefined {
  return member?.type === 'MemberExpression' ? keyOf(member) : undefined
}
