/** Said of a release that was not tried in a throw-away copy before users met it; nothing of one that was. */
export function Unproven({ why }: { why: string | undefined }) {
  if (why === undefined) return null
  return <p className="text-[0.8125rem] break-words text-warn">Unproven: {why}</p>
}
