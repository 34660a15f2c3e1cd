import { readFile } from 'node:fs/promises'
import type { AssetManifest } from '../assets/asset-manifest.ts'
import type { AssetStore } from '../assets/asset-store.ts'
import { lackingSchema, publishedListSchema } from '../member/member-protocol.ts'
import { type AppName, isPlimsollError, type Traffic } from '@plimsoll/model'
import { siteTrees } from '../assets/site-trees.ts'
import type { FleetMember } from './fleet-member.ts'
import type { FleetRoster } from './fleet-roster.ts'

/** How long one file may be on its way. */
const fileMs = 60_000

/** Brings the edge whatever of the store it does not have, the oldest first. What it has already costs one question. */
export async function provideAssets(store: AssetStore, member: FleetMember): Promise<void> {
  const { published } = publishedListSchema.parse(await member.ask({ method: 'GET', path: '/published' }))
  const there = new Set(published)
  for (const { name, app, manifest } of store.published()) if (!there.has(name)) await provide(store, member, { app, manifest })
}

/** Publishes the static sites that `traffic` leads to and brings them to every edge that answers: only this machine has their directories. */
export async function provideSites({ roster, store }: { readonly roster: FleetRoster; readonly store: AssetStore }, traffic: Traffic): Promise<void> {
  const there = new Set(store.published().map(({ app, manifest: { service, release, urlPrefix } }) => JSON.stringify([app, service, release, urlPrefix])))
  const lacking = siteTrees(traffic).filter(({ app, service, release, urlPrefix }) => !there.has(JSON.stringify([app, service, release, urlPrefix])))
  for (const tree of lacking) await store.publish(tree)
  if (lacking.length > 0) await Promise.all(roster.answering.map(async (member) => provideAssets(store, member).catch(unlessDown)))
}

/** One that is away is given all of it when it comes, before it serves. */
function unlessDown(error: unknown): void {
  if (!isPlimsollError(error) || error.code !== 'EDGE_DOWN') throw error
}

async function provide(store: AssetStore, member: FleetMember, tree: { readonly app: AppName; readonly manifest: AssetManifest }): Promise<void> {
  const announce = async (): Promise<string[]> => lackingSchema.parse(await member.askLong({ method: 'PUT', path: '/published', body: tree }, AbortSignal.timeout(fileMs))).lacking
  const { app, manifest: { service } } = tree
  for (const sha256 of await announce()) {
    const bytes = await readFile(store.pathOf({ app, service }, sha256))
    await member.askLong({ method: 'PUT', path: `/file?${new URLSearchParams({ app, service, sha256 }).toString()}`, bytes }, AbortSignal.timeout(fileMs))
  }
  await announce()
}
