import { listens } from '@plimsoll/model'
import type { AppCopy, CopyUnit } from '../rehearsal/rehearsal.ts'

/** The services of a copy that listen and are told of one of its databases. */
export function withDatabase({ units, databases }: AppCopy): readonly CopyUnit[] {
  const tells = (value: string): boolean => Object.values(databases).some(({ address: { host, port, database } }) => value.includes(`${host}:${port}`) || value === database)
  return units.filter(({ spec, environment }) => listens(spec.kind) && Object.values(environment).some(tells))
}
