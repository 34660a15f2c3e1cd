import { link, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { namesIn } from '../assets/asset-manifest.ts'
import type { AssetStore } from '../assets/asset-store.ts'
import { siteTrees, type SiteTree } from '../assets/site-trees.ts'
import type { Table } from '../table/table.ts'

/** Directories of static sites, made from published files, each under the name of its Unit. */
export class SiteDirectories {
  readonly #directory: string
  readonly #assets: AssetStore

  constructor(directory: string, assets: AssetStore) {
    this.#directory = directory
    this.#assets = assets
  }

  /** Where the files of this Unit are, or will be once they are made. */
  rootOf(unit: string): string {
    return join(this.#directory, unit)
  }

  /** Makes what `table` needs and is not there yet. Throws `ARTIFACT_BROKEN` where it was not published. */
  async make(table: Table): Promise<void> {
    const there = new Set(await namesIn(this.#directory))
    const wanted = new Map([...table.apps.values()].flatMap((traffic) => siteTrees(traffic).map((tree) => [tree.unit, tree] as const)))
    for (const [unit, tree] of wanted) if (!there.has(unit)) await this.#makeOne(tree)
  }

  /** Deletes those that `table` has no use for. */
  async tidy(table: Table): Promise<void> {
    const wanted = new Set([...table.apps.values()].flatMap((traffic) => siteTrees(traffic).map(({ unit }) => unit)))
    for (const name of await namesIn(this.#directory)) if (!wanted.has(name)) await rm(join(this.#directory, name), { recursive: true, force: true })
  }

  async #makeOne({ app, service, unit, urlPrefix }: SiteTree): Promise<void> {
    const manifest = this.#assets.published().find((each) => each.app === app && each.manifest.service === service && each.manifest.urlPrefix === urlPrefix)?.manifest
    if (manifest === undefined) throw new PlimsollError('ARTIFACT_BROKEN', `The edge does not have the files of ${unit}.`, { hint: 'Ask again: they are sent before the table.' })
    // A name that no Unit has, so that what a killed edge left is tidied.
    const making = join(this.#directory, `making ${unit}`)
    await rm(making, { recursive: true, force: true })
    await mkdir(making, { recursive: true, mode: 0o700 })
    for (const [path, { sha256 }] of Object.entries(manifest.files)) {
      const place = join(making, path)
      if (!place.startsWith(`${making}/`)) throw new PlimsollError('ARTIFACT_BROKEN', `A file of ${unit} would lie outside of it: ${path}.`)
      await mkdir(dirname(place), { recursive: true, mode: 0o700 })
      await link(this.#assets.pathOf({ app, service }, sha256), place)
    }
    await rename(making, this.rootOf(unit))
  }
}
