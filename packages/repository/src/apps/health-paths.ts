/** Paths at which programs tell that they are alive, the likeliest first. Those that ask databases come last: their trouble is no reason to restart a program. */
const usual = ['healthz', 'health', 'livez', 'live', 'health/live', 'healthcheck', 'health-check', 'up', 'ping', 'status', 'readyz', 'ready', 'health/ready']

/** How good a path is for asking after health, 0 for the best; undefined for one that is about something else. */
function rankOf(path: string): number | undefined {
  const bare = path.replace(/^\/(?:(?:api|v\d+|_|-)\/)*/, '').replace(/\/$/, '')
  const rank = usual.indexOf(bare)
  return rank === -1 ? undefined : rank
}

/** The path by which health is asked after best; of equals the shortest. */
export function bestHealthPath<T extends { readonly path: string }>(routes: readonly T[]): T | undefined {
  const ranked = routes.flatMap((route) => {
    const rank = rankOf(route.path)
    return rank === undefined ? [] : [{ route, rank }]
  })
  return ranked.toSorted((a, b) => a.rank - b.rank || a.route.path.length - b.route.path.length)[0]?.route
}
