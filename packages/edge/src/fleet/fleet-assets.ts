import { readFile } from 'node:fs/promises'
import type { AssetManifest } from '../assets/asset-manifest.ts'
import type { AssetStore } from '../assets/asset-store.ts'
import { lackingSchema, publishedListSchema } from '../member/member-protocol.ts'
import type { AppName } from '@plimsoll/model'
import type { FleetMember } from './fleet-member.ts'

/** How long one file may be on its way. */
const fileMs = 60_000

/** Brings the edge whatever of the store it does not have, the oldest first. What it has already costs one question. */
export async function provideAssets(store: AssetStore, member: FleetMember): Promise<void> {
  const { published } = publishedListSchema.parse(await member.ask({ method: 'GET', path: '/published' }))
  const there = new Set(published)
  for (const { name, app, manifest } of store.published()) if (!there.has(name)) await provide(store, member, { app, manifest })
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
