/** Names of units that several releases share → the numbers of those releases. Every other unit belongs to the release in its name. */
export type SharedUnits = ReadonlyMap<string, readonly number[]>

/** The releases whose unit gave itself this instance id (`shop-web-r12-x7f2`); none when it is nobody of Plimsoll's. */
export type Owners = (servedBy: string | undefined) => readonly number[]

export function ownersIn(shared: SharedUnits): Owners {
  return (servedBy = '') => {
    const [, unit, number] = /^(.*-r([1-9]\d*))(?:-|$)/.exec(servedBy) ?? []
    return unit === undefined ? [] : (shared.get(unit) ?? [Number(number)])
  }
}

/** Of `keeps` of several releases of one app: release → service → the earlier release whose unit serves it. */
export function sharedUnits(app: string, keeps: ReadonlyMap<number, Readonly<Record<string, number>>>): SharedUnits {
  const shared = new Map<string, number[]>()
  for (const [release, services] of keeps) {
    for (const [service, owner] of Object.entries(services)) {
      const unit = `${app}-${service}-r${owner}`
      shared.set(unit, [...(shared.get(unit) ?? [owner]), release])
    }
  }
  return shared
}

export function overlap(some: readonly number[], others: readonly number[]): boolean {
  return some.some((each) => others.includes(each))
}
