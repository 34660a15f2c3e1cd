import type { LoadTarget } from '../../e2e/src/load/load-target.ts'
import { urlOf } from './ask-plimsoll.ts'
import type { ReleaseScene } from './release-scene.ts'

/** Where the load meets the storefront that Plimsoll runs. */
export async function storefrontTarget(scene: ReleaseScene): Promise<LoadTarget> {
  const [web, api] = await Promise.all([urlOf(scene, 'web'), urlOf(scene, 'api')])
  return storefrontAt({ web: Number(new URL(web).port), api: Number(new URL(api).port) })
}

/** Where the load meets a storefront that listens on these ports of this machine. It must answer already. */
export async function storefrontAt(ports: { readonly web: number; readonly api: number }): Promise<LoadTarget> {
  const [web, api] = [new URL(`http://127.0.0.1:${ports.web}`), new URL(`http://127.0.0.1:${ports.api}`)]
  const listed = (await (await fetch(new URL('/v1/products', api))).json()) as { products: { slug: string }[] }
  const slugs = listed.products.map(({ slug }) => slug)
  return {
    web,
    api,
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
