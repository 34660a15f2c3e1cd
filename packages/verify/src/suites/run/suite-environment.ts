import type { SignIn, Suite } from '@plimsoll/testing/config-schema'
import { variables } from '@plimsoll/testing/variables'
import type { AppCopy, CopyDatabase } from '../../rehearsal/rehearsal.ts'

/** Database → one for each worker of a suite. */
export type Spares = Readonly<Record<string, readonly CopyDatabase[]>>

export interface Told {
  readonly suite: Suite
  readonly signIn: SignIn | undefined
  readonly browser: string | undefined
  /** Absolute. */
  readonly report: string
  /** Absolute; there already. */
  readonly temporary: string
}

/** What a suite is told whatever it asks. */
export function suiteVariables({ suite, signIn, browser, report, temporary }: Told): Readonly<Record<string, string>> {
  return {
    [variables.workers]: String(suite.workers),
    [variables.report]: report,
    ...(browser !== undefined && { [variables.browser]: browser }),
    ...(signIn !== undefined && { [variables.signIn]: JSON.stringify(signIn) }),
    TMPDIR: temporary,
    CI: '1',
  }
}

/** What it is told about the copy that it asks. */
export function copyVariables(copy: AppCopy, spares: Spares): Readonly<Record<string, string>> {
  const rules = [...copy.publicAddresses].map(([built, { host, port }]) => `MAP ${built} ${host}:${port}`)
  return {
    ...addressVariables(copy),
    ...Object.fromEntries(Object.entries(spares).map(([name, each]) => [variables.databaseUrls(name), JSON.stringify(each.map(({ connectionString }) => connectionString))])),
    ...(rules.length > 0 && { [variables.hostRules]: rules.join(', ') }),
  }
}

/** Where the services and databases of a copy are. */
export function addressVariables(copy: AppCopy): Readonly<Record<string, string>> {
  const services = copy.units.flatMap(({ unit, addresses: [address] }) => {
    const url = copy.url(unit.service)
    return [
      ...(url === undefined ? [] : [[variables.url(unit.service), url]]),
      ...(address === undefined ? [] : [[variables.innerUrl(unit.service), `http://${address.host}:${address.port}`]]),
    ]
  })
  const databases = Object.entries(copy.databases).map(([name, { connectionString }]) => [variables.databaseUrl(name), connectionString])
  return Object.fromEntries([...services, ...databases])
}
