import { createHash } from 'node:crypto'
import { mkdir, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PublishRequest } from '@plimsoll/engine'
import { type AppName, appNameSchema, type Held, PlimsollError, type ReleaseNumber, type Room, slugOf, whatToPrune } from '@plimsoll/model'
import { writeDurably } from '../table/write-durably.ts'
import { type AssetManifest, namesIn, readManifests } from './asset-manifest.ts'
import { copyTree } from './copy-tree.ts'
import { expiredReleases } from './retention.ts'

export interface StoredAsset {
  readonly path: string
  readonly sha256: string
  readonly size: number
}

/** What one service has published, over its releases. Paths are unique over all of them, so the union can be served. */
interface Shelf {
  readonly directory: string
  readonly manifests: AssetManifest[]
  readonly files: Map<string, StoredAsset>
}

export interface AssetStoreOptions {
  readonly directory: string
  readonly log: (line: string) => void
  /** Releases whose assets stay whatever their age. */
  readonly inUse: (app: AppName) => ReadonlySet<ReleaseNumber>
}

/**
 * Static files that outlive the releases they came with, so that a page of an old release finds its chunks.
 * Bytes lie under their digest; manifests say which path has which bytes.
 */
export class AssetStore {
  readonly #options: AssetStoreOptions
  readonly #shelves = new Map<string, Shelf>()
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(options: AssetStoreOptions) {
    this.#options = options
  }

  /** Takes up what is on the disk. */
  static async open(options: AssetStoreOptions): Promise<AssetStore> {
    const store = new AssetStore(options)
    for (const app of await namesIn(options.directory)) {
      for (const name of await namesIn(join(options.directory, app))) await store.#load(app, join(options.directory, app, name))
    }
    return store
  }

  find(app: AppName, service: string, path: string): StoredAsset | undefined {
    return this.#shelves.get(keyOf(app, service))?.files.get(path)
  }

  /** Whether `release` has published a tree that `path` would lie in: then a file that is not found does not exist. */
  covers(at: { app: AppName; service: string; release: ReleaseNumber }, path: string): boolean {
    const shelf = this.#shelves.get(keyOf(at.app, at.service))
    return shelf?.manifests.some((manifest) => manifest.release === at.release && path.startsWith(manifest.urlPrefix)) === true
  }

  /** Where the trees lie that were published, of every service. */
  prefixes(): { readonly app: AppName; readonly service: string; readonly urlPrefix: string }[] {
    return [...this.#shelves].flatMap(([key, { manifests }]) => manifests.map(({ service, urlPrefix }) => ({ app: appOf(key), service, urlPrefix })))
  }

  /** Copies a tree into the store; see `Edge.publish`. Throws `ARTIFACT_BROKEN` when a path is known with other bytes; then nothing is published. */
  async publish(request: PublishRequest): Promise<void> {
    await this.#inTurn(() => this.#publish(request))
  }

  /** Every tree that is published; equal names in two stores are equal trees. */
  published(): { readonly name: string; readonly app: AppName; readonly manifest: AssetManifest }[] {
    return [...this.#shelves].flatMap(([key, { manifests }]) => manifests.map((manifest) => ({ name: `${appOf(key)}/${manifest.service}/${manifestName(manifest)} ${manifest.publishedAt}`, app: appOf(key), manifest })))
  }

  /** The bytes of a file that was published, by their digest. */
  pathOf({ app, service }: { readonly app: AppName; readonly service: string }, sha256: string): string {
    return join(this.#shelf(app, service).directory, 'objects', sha256)
  }

  /** Keeps the bytes of a file for a tree that is about to be published. Throws `ARTIFACT_BROKEN` when they are others than their digest says. */
  async keepFile({ app, service, sha256 }: { readonly app: AppName; readonly service: string; readonly sha256: string }, bytes: Buffer): Promise<void> {
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new PlimsollError('ARTIFACT_BROKEN', `A file of ${service} of ${app} did not arrive as it was sent.`, { hint: 'Ask again.' })
    const path = this.pathOf({ app, service }, sha256)
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeDurably(path, bytes)
  }

  /** Publishes a tree that another store has published, and returns nothing; or returns the digests of the files that are lacking, and publishes nothing. */
  async take(app: AppName, manifest: AssetManifest): Promise<string[]> {
    let lacking: string[] = []
    await this.#inTurn(async () => {
      const shelf = this.#shelf(app, manifest.service)
      const there = new Set(await namesIn(join(shelf.directory, 'objects')))
      lacking = [...new Set(Object.values(manifest.files).map(({ sha256 }) => sha256))].filter((sha256) => !there.has(sha256))
      if (lacking.length === 0) await this.#keep(app, shelf, manifest)
    })
    return lacking
  }

  /** See `Edge.tidy`. */
  async tidy(room: Room): Promise<void> {
    await this.#inTurn(() => this.#tidy(room))
  }

  /** Drops all that the app has published. */
  async remove(app: AppName): Promise<void> {
    for (const key of this.#shelves.keys()) if (key.startsWith(`${app}/`)) this.#shelves.delete(key)
    await rm(join(this.#options.directory, app), { recursive: true, force: true })
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(work)
    // The next in turn does not care how this one ended; whoever asked for it is told.
    this.#turn = mine.catch(() => undefined)
    await mine
  }

  async #publish(request: PublishRequest): Promise<void> {
    const { app, service, release, urlPrefix, directory } = request
    const shelf = this.#shelf(app, service)
    const objects = join(shelf.directory, 'objects')
    await mkdir(objects, { recursive: true, mode: 0o700 })
    const files = await copyTree(directory, objects)
    for (const [path, file] of Object.entries(files)) refuseOtherBytes(request, path, { known: shelf.files.get(urlPrefix + path)?.sha256, sha256: file.sha256 })
    const manifest: AssetManifest = { service, release, urlPrefix, publishedAt: new Date().toISOString(), files }
    await this.#keep(app, shelf, manifest)
  }

  /** Writes down that all of it is there, and serves it from now on. */
  async #keep(app: AppName, shelf: Shelf, manifest: AssetManifest): Promise<void> {
    await mkdir(shelf.directory, { recursive: true, mode: 0o700 })
    await writeDurably(join(shelf.directory, manifestName(manifest)), `${JSON.stringify(manifest)}\n`)
    this.#shelves.set(keyOf(app, manifest.service), shelf)
    const others = shelf.manifests.filter((other) => manifestName(other) !== manifestName(manifest))
    shelf.manifests.splice(0, shelf.manifests.length, ...others, manifest)
    putOn(shelf, manifest)
  }

  async #load(app: string, directory: string): Promise<void> {
    const manifests = await readManifests(directory, (path) => this.#options.log(`published assets of ${path} are damaged and left out`))
    const [first] = manifests
    if (first === undefined) return
    const shelf: Shelf = { directory, manifests, files: new Map() }
    for (const manifest of manifests) putOn(shelf, manifest)
    this.#shelves.set(keyOf(app, first.service), shelf)
  }

  #shelf(app: AppName, service: string): Shelf {
    const directory = join(this.#options.directory, app, `${slugOf(service)}-${digestOf(service)}`)
    return this.#shelves.get(keyOf(app, service)) ?? { directory, manifests: [], files: new Map() }
  }

  async #tidy(room: Room): Promise<void> {
    const held = [...this.#shelves].flatMap(([key, shelf]) => heldOn(key, shelf, this.#options.inUse(appOf(key))))
    if (held.length === 0) return
    const { bavail, bsize } = await statfs(this.#options.directory)
    const gone = new Set(whatToPrune(held, room, bavail * bsize))
    for (const [key, shelf] of this.#shelves) await drop(shelf, shelf.manifests.filter(({ release }) => gone.has(`${key}/${release}`)))
  }
}

/** Each release on the shelf; bytes that several have count for one that stays, or for the newest. */
function heldOn(key: string, { manifests }: Shelf, inUse: ReadonlySet<ReleaseNumber>): Held[] {
  const published = new Map(manifests.map(({ release, publishedAt }) => [release, new Date(publishedAt)]))
  const expired = new Set(expiredReleases(published, inUse, new Date()))
  const counted = new Set<string>()
  const claim = (release: ReleaseNumber): number => {
    const files = manifests.filter((each) => each.release === release).flatMap((each) => Object.values(each.files)).filter(({ sha256 }) => !counted.has(sha256))
    for (const { sha256 } of files) counted.add(sha256)
    return [...new Map(files.map(({ sha256, size }) => [sha256, size])).values()].reduce((sum, size) => sum + size, 0)
  }
  return [...published]
    .toSorted(([one], [other]) => Number(expired.has(one)) - Number(expired.has(other)) || other - one)
    .map(([release, at]) => ({ name: `${key}/${release}`, bytes: claim(release), usedAt: at.getTime(), needed: !expired.has(release) }))
}

/** Takes trees off the shelf, and deletes the bytes that no other tree has. */
async function drop(shelf: Shelf, gone: readonly AssetManifest[]): Promise<void> {
  if (gone.length === 0) return
  for (const manifest of gone) await rm(join(shelf.directory, manifestName(manifest)), { force: true })
  const kept = shelf.manifests.filter((manifest) => !gone.includes(manifest))
  shelf.manifests.splice(0, shelf.manifests.length, ...kept)
  shelf.files.clear()
  for (const manifest of kept) putOn(shelf, manifest)
  const needed = new Set([...shelf.files.values()].map((file) => file.sha256))
  const objects = join(shelf.directory, 'objects')
  for (const name of await namesIn(objects)) if (!needed.has(name)) await rm(join(objects, name), { force: true })
}

function putOn(shelf: Shelf, { urlPrefix, files }: AssetManifest): void {
  for (const [path, { sha256, size }] of Object.entries(files)) {
    shelf.files.set(urlPrefix + path, { path: join(shelf.directory, 'objects', sha256), sha256, size })
  }
}

function refuseOtherBytes(request: PublishRequest, path: string, { known, sha256 }: { known: string | undefined; sha256: string }): void {
  if (known === undefined || known === sha256) return
  const { app, service, release, urlPrefix } = request
  throw new PlimsollError('ARTIFACT_BROKEN', `${service} of ${app}: release ${release} brings ${urlPrefix}${path} with other bytes than an earlier release. Browsers keep such files for ever, so pages would mix the two.`, {
    hint: 'Let the build put a hash of the content, or its own build id, into the name of the file.',
    details: { path: urlPrefix + path, release },
  })
}

function manifestName({ release, urlPrefix }: AssetManifest): string {
  return `${release}-${digestOf(urlPrefix)}.json`
}

function keyOf(app: string, service: string): string {
  return `${app}/${service}`
}

function appOf(key: string): AppName {
  return appNameSchema.parse(key.slice(0, key.indexOf('/')))
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
