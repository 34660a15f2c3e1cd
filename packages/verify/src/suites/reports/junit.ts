import { reported, type Parsed, type ReportedTest } from './reported-test.ts'
import { xmlElements, type XmlElement } from './xml-elements.ts'

/** JUnit XML, as Surefire began it and every runner writes it a little differently. */
export function parseJunit(text: string): Parsed {
  const root = xmlElements(text)
  if (typeof root === 'string') return { problem: root }
  if (root.name !== 'testsuites' && root.name !== 'testsuite') return { problem: `it is <${root.name}>, not <testsuites>` }
  return { tests: testsIn(root, undefined) }
}

function testsIn(element: XmlElement, file: string | undefined): readonly ReportedTest[] {
  const here = element.attributes['file'] ?? file
  return element.children.flatMap((child) => {
    if (child.name === 'testsuite') return testsIn(child, here)
    return child.name === 'testcase' ? [testOf(child, here)] : []
  })
}

function testOf(element: XmlElement, suiteFile: string | undefined): ReportedTest {
  const { name = '', classname = '', file = suiteFile, time = '0' } = element.attributes
  const child = (...names: readonly string[]) => element.children.find((each) => names.includes(each.name))
  const failure = child('failure', 'error')
  // Surefire's way to say that it failed and then passed.
  const flake = child('flakyFailure', 'flakyError')
  const is = failure !== undefined ? 'failed' : child('skipped') !== undefined ? 'skipped' : flake !== undefined ? 'flaky' : 'passed'
  const told = failure ?? flake
  const message = told === undefined ? undefined : [told.attributes['message'], told.text.trim()].filter((part) => part !== undefined && part !== '').join('\n')
  return reported({ file, titles: classname === '' || classname === file || name.startsWith(classname) ? [name] : [classname, name], is, tookMs: Number(time.replaceAll(',', '')) * 1000, message })
}
