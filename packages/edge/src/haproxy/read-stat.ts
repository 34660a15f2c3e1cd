/** What HAProxy has counted for a backend since it started. */
export interface BackendStat {
  /** Requests that are under way. */
  readonly current: number
  /** Requests that ever came. */
  readonly total: number
}

/** The backends in an answer to `show stat`, by name. Columns go by their names, since versions differ in their order. */
export function readStat(csv: string): Map<string, BackendStat> {
  const [head = '', ...lines] = csv.split('\n').filter((line) => line !== '')
  const columns = head.replace(/^# /, '').split(',')
  const at = (name: string): number => columns.indexOf(name)
  const [proxy, server, current, total] = [at('pxname'), at('svname'), at('scur'), at('stot')]
  if (Math.min(proxy, server, current, total) < 0) return new Map()
  const rows = lines.map((line) => line.split(','))
  const backends = rows.filter((row) => row[server] === 'BACKEND')
  return new Map(backends.map((row) => [row[proxy] ?? '', { current: Number(row[current]), total: Number(row[total]) }]))
}
