/**
 * What a suite is told, and by which name: the one place that says so to both sides, who sets the variables and who reads them.
 * A name is that of the Blueprint in capitals: `shop-api` → `PLIMSOLL_SHOP_API_URL`.
 */
export const variables = {
  /** Where a public service answers through the edge, without a trailing slash. */
  url: (service: string) => `PLIMSOLL_${inCapitals(service)}_URL`,
  /** Where a service that listens answers to the others, without the edge. */
  innerUrl: (service: string) => `PLIMSOLL_${inCapitals(service)}_INNER_URL`,
  /** The connection string of the database that the services use. */
  databaseUrl: (database: string) => `PLIMSOLL_${inCapitals(database)}_DATABASE_URL`,
  /** JSON array of connection strings: databases like that one, one for each worker. */
  databaseUrls: (database: string) => `PLIMSOLL_${inCapitals(database)}_DATABASE_URLS`,
  /** The executable of a Chromium. */
  browser: 'PLIMSOLL_BROWSER',
  /** For Chromium's `--host-resolver-rules`: leads addresses that pages were built with to the copy that is asked. */
  hostRules: 'PLIMSOLL_HOST_RULES',
  /** Absolute path at which the report is expected. */
  report: 'PLIMSOLL_REPORT',
  /** How many workers have a database of their own. */
  workers: 'PLIMSOLL_WORKERS',
  /** JSON: how one signs in, as the configuration says it. */
  signIn: 'PLIMSOLL_SIGN_IN',
} as const

function inCapitals(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
}
