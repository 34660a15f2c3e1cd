import { blocks, verdictsOf, type Verdict, type Verification } from '@plimsoll/model'
import type { Painter } from './screen/painter.ts'
import { fit } from './screen/fit.ts'

/** What came of a verification: what is fine in one line, what was not asked, and last, so that it stays on the screen, what blocks. */
export function verificationText(verification: Verification, paint: Painter, columns: number): string {
  const verdicts = verdictsOf(verification)
  const line = (mark: string, { check, finding, hint, reproduce }: Verdict): string => [
    `${mark} ${check}  ${finding}`, ...(hint === undefined ? [] : [paint('dim', `    ${hint}`)]), ...(reproduce === undefined ? [] : [paint('dim', `    ${reproduce}`)]),
  ].join('\n')
  const passed = verdicts.filter(({ is }) => is === 'pass').length
  const lines = [
    paint('green', `✓ ${passed} of ${verdicts.length} answers are good`),
    ...verdicts.filter(({ is }) => is === 'skipped').map((verdict) => line(paint('dim', '-'), verdict)),
    ...verdicts.filter(({ is, weight }) => is === 'fail' && weight === 'advice').map((verdict) => line(paint('yellow', '!'), verdict)),
    ...verdicts.filter(({ is }) => is === 'inconclusive').map((verdict) => line(paint('yellow', '?'), verdict)),
    ...verdicts.filter(blocks).map((verdict) => line(paint('red', '✗'), verdict)),
    ...(verification.problem === undefined ? [] : [paint('red', `✗ ${verification.problem.message}`)]),
    sentence(verification, verdicts.filter(blocks).length),
  ]
  return `${lines.map((text) => fit(text, columns)).join('\n')}\n`
}

function sentence({ state, directory }: Verification, blocking: number): string {
  const words: Record<Verification['state'], string> = {
    running: 'It goes on.', passed: 'Nothing keeps this from being released.', blocked: `Do not release: ${blocking} blocking.`,
    unsure: 'Whether it can be released could not be found out.', interrupted: 'Stopped before its end.',
  }
  return `${words[state]} ${directory}`
}
