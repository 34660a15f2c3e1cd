import { nearest } from './nearest.ts'
import type { Remedy } from './remedy.ts'
import type { Report } from './report.ts'
import type { ChoiceShape, IntegerShape, TextShape } from './shape.ts'
import { kindOf, type ScalarNode, type YamlNode } from './yaml-tree.ts'

/** Words that YAML 1.1 reads as true or false, and 1.2 as text. */
const oldBoolean = /^(?:y|yes|n|no|on|off)$/i

export function checkText(node: YamlNode, { form }: TextShape, report: Report): YamlNode {
  if (node.is !== 'scalar' || typeof node.value !== 'string') {
    report.add('wrong-type', node, `must be text, and is ${kindOf(node)}`, quoteHint(node), quote(node))
    return node
  }
  if (form !== undefined && !form.test(node.value)) {
    report.add('malformed-value', node, `must ${form.says}, and is ${JSON.stringify(node.value)}`, form.hint)
  }
  return node
}

/** Numbers become the text that was written: `1.10` stays `1.10`. */
export function checkEnvValue(node: YamlNode, report: Report): YamlNode {
  if (node.is !== 'scalar') {
    report.add('wrong-type', node, `must be text or a number, and is ${kindOf(node)}`, 'write structured values as JSON in single quotes')
    return node
  }
  if (typeof node.value === 'boolean') {
    report.add('boolean-value', node, `must be text, and is the boolean ${node.source}`, quoteHint(node), quote(node))
    return node
  }
  warnOfOldBoolean(node, report)
  if (typeof node.value !== 'number') return node
  if (String(node.value) !== node.source) {
    report.add('yaml-number', node, `is a number, and some readers of YAML make ${node.value} of it`, quoteHint(node), quote(node))
  }
  return { ...node, value: node.source }
}

export function checkInteger(node: YamlNode, { min, max }: IntegerShape, report: Report): YamlNode {
  const range = max === undefined ? `${min} or more` : `from ${min} to ${max}`
  if (node.is !== 'scalar' || typeof node.value !== 'number' || !Number.isInteger(node.value)) {
    const bare = node.is === 'scalar' && typeof node.value === 'string' && /^\d+$/.test(node.value)
    report.add('wrong-type', node, `must be a whole number, ${range}, and is ${kindOf(node)}`, bare ? `write ${node.source} without quotes` : undefined, bare ? { do: 'write', value: Number(node.source) } : undefined)
    return node
  }
  if (node.value < min || node.value > (max ?? Infinity)) {
    report.add('out-of-range', node, `must be ${range}, and is ${node.source}`)
  }
  return node
}

export function checkBoolean(node: YamlNode, report: Report): YamlNode {
  if (node.is === 'scalar' && typeof node.value === 'boolean') return node
  const quoted = node.is === 'scalar' && (node.value === 'true' || node.value === 'false')
  report.add('wrong-type', node, `must be true or false, and is ${kindOf(node)}`, quoted ? `write ${node.source} without quotes` : undefined, quoted ? { do: 'write', value: node.value === 'true' } : undefined)
  return node
}

export function checkChoice(node: YamlNode, shape: ChoiceShape, report: Report): YamlNode {
  if (node.is !== 'scalar') {
    report.add('wrong-type', node, `must be ${shape.what}, and is ${kindOf(node)}`, optionsHint(shape))
    return node
  }
  if (typeof node.value === 'string' && shape.of.includes(node.value)) {
    warnOfOldBoolean(node, report)
    return node
  }
  const present = presentSpelling(node.source, shape)
  if (present !== undefined) {
    report.add('deprecated-value', node, `"${node.source}" is an old spelling`, `write ${present}`, { do: 'write', value: present })
    return { ...node, value: present, source: present }
  }
  if (typeof node.value !== 'string' && shape.of.includes(node.source)) {
    report.add('wrong-type', node, `must be text, and is ${kindOf(node)}`, quoteHint(node), quote(node))
    return node
  }
  report.add(shape.rule ?? 'unknown-value', node, `${JSON.stringify(node.source)} is not ${shape.what}`, choiceHint(node.source, shape), choiceRemedy(node.source, shape))
  return node
}

function presentSpelling(source: string, { of, anyCase, formerly }: ChoiceShape): string | undefined {
  if (formerly !== undefined && Object.hasOwn(formerly, source)) return formerly[source]
  const lower = source.toLowerCase()
  return anyCase && of.includes(lower) ? lower : undefined
}

function choiceHint(source: string, shape: ChoiceShape): string {
  const { instead = {}, of } = shape
  const known = Object.hasOwn(instead, source.toLowerCase()) ? instead[source.toLowerCase()] : undefined
  const near = nearest(source, of)
  return known ?? (near === undefined ? optionsHint(shape) : `did you mean "${near}"?`)
}

/** A slip of the pen is mended; what somebody may have meant differently is not. */
function choiceRemedy(source: string, { instead = {}, of }: ChoiceShape): Remedy | undefined {
  const near = Object.hasOwn(instead, source.toLowerCase()) ? undefined : nearest(source, of)
  return near === undefined ? undefined : { do: 'write', value: near }
}

function optionsHint({ of }: ChoiceShape): string {
  return `write one of ${of.join(', ')}`
}

function warnOfOldBoolean(node: ScalarNode, report: Report): void {
  if (node.quoted || !oldBoolean.test(node.source)) return
  report.add('yaml-boolean', node, `is read as true or false by older YAML`, quoteHint(node), quote(node))
}

function quoteHint(node: YamlNode): string | undefined {
  return node.is === 'scalar' ? `write "${node.source}" in quotes` : undefined
}

function quote(node: YamlNode): Remedy | undefined {
  return node.is === 'scalar' ? { do: 'quote' } : undefined
}
