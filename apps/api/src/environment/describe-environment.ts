import { resolveEnvironments, unitSpecs, type Phase } from '@plimsoll/blueprint'
import { listens, type Blueprint, type Environment, type EnvironmentView, type GivenValue, type UnitSpec, type VariableView } from '@plimsoll/model'
import { withServerActionsKey } from '../wiring.ts'
import { askedOf, standIns, type Asked } from './stand-ins.ts'

/** What each service is given and where from, by the same rules as a release; `kept` are the keys of what is kept for the app. Values play no part. */
export function describeEnvironment(blueprint: Blueprint, kept: readonly string[]): Pick<EnvironmentView, 'services' | 'given' | 'unused'> {
  const asked = askedOf(blueprint)
  const all = new Set(asked.map(({ keptAs }) => keptAs))
  const specs = unitSpecs(blueprint)
  const whole = { run: originsIn(blueprint, 'run', [...all]), build: originsIn(blueprint, 'build', [...all]) }
  const known = { asked, kept: new Set(kept), run: withServerActionsKey(whole.run, specs, {}), build: whole.build }
  return {
    services: specs.map((spec) => ({ service: spec.service, kind: spec.kind, variables: variablesOf(spec, known) })),
    given: givenIn(known),
    unused: kept.filter((key) => !all.has(key)),
  }
}

interface Known {
  readonly asked: readonly Asked[]
  readonly kept: ReadonlySet<string>
  readonly run: Readonly<Record<string, Environment>>
  readonly build: Readonly<Record<string, Environment>>
}

function originsIn(blueprint: Blueprint, phase: Phase, kept: readonly string[]): Readonly<Record<string, Environment>> {
  return resolveEnvironments(blueprint, standIns(blueprint, kept), { phase }).environments
}

function variablesOf(spec: UnitSpec, { asked, kept, run, build }: Known): VariableView[] {
  const { service, kind } = spec
  const [atRun, atBuild] = [run[service] ?? {}, build[service] ?? {}]
  // The driver settles it, for each instance its own.
  const port: Environment = listens(kind) ? { PORT: { value: '', origin: 'injected', secret: false } } : {}
  return Object.entries({ ...port, ...atBuild, ...atRun }).toSorted(([one], [other]) => one.localeCompare(other)).map(([key, { origin }]) => {
    const held = asked.find((each) => each.service === service && each.variable === key)
    return { key, origin, ...standingOf(held, kept), ...(!(key in atRun) && key in atBuild && { atBuildOnly: true as const }) }
  })
}

function standingOf(held: Asked | undefined, kept: ReadonlySet<string>): Pick<VariableView, 'state' | 'keptAs'> {
  if (held === undefined) return { state: 'set' }
  const { keptAs } = held
  if (kept.has(keptAs)) return { state: 'set', keptAs }
  return { state: held.why === 'generated' ? 'to come' : 'missing', keptAs }
}

function givenIn({ asked, kept }: Known): GivenValue[] {
  const byPeople = asked.filter(({ why }) => why === 'kept')
  return [...new Set(byPeople.map(({ keptAs }) => keptAs))].map((keptAs) => ({
    keptAs, isSet: kept.has(keptAs), services: [...new Set(byPeople.filter((each) => each.keptAs === keptAs).map(({ service }) => service))] as GivenValue['services'],
  }))
}
