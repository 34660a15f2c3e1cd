/** The release whose unit gave itself this instance id (`shop-web-r12-x7f2`); undefined when it is none of Plimsoll's. */
export function releaseOf(servedBy: string): number | undefined {
  const number = /-r([1-9]\d*)(?:-|$)/.exec(servedBy)?.[1]
  return number === undefined ? undefined : Number(number)
}
