import { serviceNameSchema, type ReleaseChanges, type ReleaseNote, type VariableChange } from '@plimsoll/model'

type Noted = Pick<ReleaseNote, 'key' | 'environments'>
type Variables = ReleaseNote['environments'][string]

/** Which variables differ from `before` to `after`, by what was noted of both. */
export function environmentChanges(before: Noted, after: Noted): ReleaseChanges['environment'] {
  if (before.key !== after.key) return { is: 'not known', why: 'The key of this installation is another one since, so that values cannot be compared' }
  const services = [...new Set([...Object.keys(after.environments), ...Object.keys(before.environments)])]
  return { is: 'known', variables: services.flatMap((service) => variablesOf(service, before.environments[service] ?? {}, after.environments[service] ?? {})) }
}

function variablesOf(service: string, before: Variables, after: Variables): VariableChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()
  return keys.flatMap((key) => {
    const change = changeOf(before[key], after[key])
    return change === undefined ? [] : [{ service: serviceNameSchema.parse(service), key, ...change }]
  })
}

function changeOf(was: Variables[string] | undefined, now: Variables[string] | undefined): Omit<VariableChange, 'service' | 'key'> | undefined {
  if (now === undefined) return was && { is: 'removed', origin: was.origin }
  if (was === undefined) return { is: 'added', origin: now.origin }
  const elsewhere = was.origin === now.origin ? {} : { was: was.origin }
  if (was.mark !== now.mark) return { is: 'changed', origin: now.origin, ...elsewhere }
  return was.origin === now.origin ? undefined : { is: 'moved', origin: now.origin, ...elsewhere }
}
