import type { LoadTarget } from '../../e2e/src/load/load-target.ts'
import { urlOf } from './ask-plimsoll.ts'
import type { ReleaseScene } from './release-scene.ts'

/** Where the load meets the storefront. */
export async function storefrontTarget(scene: ReleaseScene): Promise<LoadTarget> {
  const [web, api] = await Promise.all([urlOf(scene, 'web'), urlOf(scene, 'api')])
  const loopback = (url: string): URL => new URL(`http://127.0.0.1:${new URL(url).port}`)
  const listed = (await (await fetch(`${api}/v1/products`)).json()) as { products: { slug: string }[] }
  const slugs = listed.products.map(({ slug }) => slug)
  return {
    web: loopback(web),
    api: loopback(api),
    quick: [
      { at: 'api', path: '/v1/products' },
      { at: 'web', path: '/healthz' },
      { at: 'api', path: '/healthz' },
    ],
    pages: ['/', `/products/${slugs[0] ?? ''}`, '/deals', '/about'],
    actionPage: `/products/${slugs[1] ?? ''}`,
    productSlugs: slugs,
  }
}
