import type { LoadTarget } from '../load/load-target.ts'

/** Where the load meets the fixture shop: one service for everything, or a web and an API service. */
export function shopTarget(webPort: number, apiPort: number = webPort): LoadTarget {
  return {
    web: new URL(`http://127.0.0.1:${webPort}`),
    api: new URL(`http://127.0.0.1:${apiPort}`),
    quick: [
      { at: 'api', path: '/v1/products' },
      { at: 'web', path: '/' },
      { at: 'api', path: '/healthz' },
    ],
    pages: ['/'],
    actionPage: '/',
    productSlugs: ['lamp', 'rope'],
  }
}
