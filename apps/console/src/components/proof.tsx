import type { Release, ReleaseDetail } from '@plimsoll/model'
import Link from 'next/link'
import { paths } from '../paths.ts'
import { Section } from './section.tsx'

/** By what a release was let through, or kept from users, and where all of it stands. Nothing for one that was not verified. */
export function Proof({ release, proof }: Pick<ReleaseDetail, 'release' | 'proof'>) {
  const verification = proof?.verification ?? refusedBy(release)
  if (verification === undefined) return null
  return (
    <Section title="Proof">
      <p className="px-4 py-3">
        {sentenceOf(proof)} <Link href={paths.verification(release.app, verification)} className="underline underline-offset-3">See all that was asked</Link>
      </p>
    </Section>
  )
}

function sentenceOf(proof: ReleaseDetail['proof']): string {
  if (proof === undefined) return 'A throw-away copy of it did not pass.'
  const passed = proof.verdicts.filter(({ is }) => is === 'pass').length
  return `${proof.reused ? 'It was proven before, in the same form' : 'It was proven in a throw-away copy'}: ${passed} answers good, and nothing blocks.`
}

/** Its id stands with the problem. */
function refusedBy({ outcome }: Release): string | undefined {
  const id = outcome !== undefined && 'problem' in outcome ? outcome.problem?.details?.['verification'] : undefined
  return typeof id === 'string' ? id : undefined
}
