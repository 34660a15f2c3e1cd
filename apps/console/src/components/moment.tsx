import { ageOf, exactly } from '../words/duration.ts'

/** When something was, as an age; the exact time shows on hover and is what machines read. */
export function Moment({ at, now }: { at: string; now: number }) {
  return <time dateTime={at} title={exactly(at)} className="tnum whitespace-nowrap">{ageOf(at, now)}</time>
}
