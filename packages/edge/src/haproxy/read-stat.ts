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

/** How many connections to its instances each backend has, idle ones too, in an answer to `show servers conn`. */
export function readConnections(text: string): Map<string, number> {
  const [head = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '' && !/^\d+$/.test(line))
  const columns = head.replace(/^# /, '').split(' ')
  const [server, used, idle] = ['bkname/svname', 'used_cur', 'idle_cur'].map((name) => columns.indexOf(name))
  const connections = new Map<string, number>()
  if (server === undefined || used === undefined || idle === undefined || Math.min(server, used, idle) < 0) return connections
  for (const cells of lines.map((line) => line.split(' '))) {
    const backend = cells[server]?.split('/')[0] ?? ''
    connections.set(backend, (connections.get(backend) ?? 0) + Number(cells[used]) + Number(cells[idle]))
  }
  return connections
}
