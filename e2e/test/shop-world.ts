import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endAllLeft } from '../src/leaks/end-all-left.ts'
import { startShop, type Shop } from '../src/shop/start-shop.ts'

/** A directory of its own, the shops that were started in it, and the proof that none is left. */
export interface ShopWorld {
  readonly home: string
  start(release: number, environment?: Readonly<Record<string, string>>, service?: string): Shop
  /** Ends what runs, removes the directory, and gives the commands of processes that nobody had ended. */
  leave(): Promise<string[]>
}

export async function createShopWorld(): Promise<ShopWorld> {
  const home = await mkdtemp(join(tmpdir(), 'pe-'))
  const shops: Shop[] = []
  return {
    home,
    start(release, environment = {}, service = 'web') {
      const shop = startShop({ unit: `shop-${service}-r${release}`, home, environment })
      shops.push(shop)
      return shop
    },
    async leave() {
      await Promise.all(shops.map((shop) => shop.end('SIGKILL')))
      const left = await endAllLeft(home)
      await rm(home, { recursive: true, force: true })
      return left.map(({ command }) => command)
    },
  }
}
