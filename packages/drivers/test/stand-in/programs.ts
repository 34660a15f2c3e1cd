import { readFileSync } from 'node:fs'
import type { DockerEngine } from '../../src/docker-engine/docker-engine.ts'
import type { StandIn } from './base-files.ts'
import { layerOn, type MadeImage } from './flat-image.ts'
import { standInImage } from './stand-in-image.ts'

/** The driver contract's programs on a stand-in for a base image: `node programs.mjs NAME`. */
export async function programsOn(engine: DockerEngine, standIn: StandIn, signal: AbortSignal): Promise<MadeImage> {
  const base = await standInImage(engine, standIn, signal)
  const content = readFileSync(new URL('../fixtures/apps/programs.mjs', import.meta.url))
  const files = [{ path: 'app/programs.mjs', mode: 0o644, content }]
  return layerOn(engine, { base, layer: { name: `plimsoll-test-${standIn}`, files, changes: ['WORKDIR /app', `CMD ${standIn === 'slim' ? '["node", "programs.mjs", "serves"]' : '["programs.mjs", "serves"]'}`] } }, signal)
}

/** The same as a user that is not root. */
export async function programsAsUser(engine: DockerEngine, signal: AbortSignal): Promise<MadeImage> {
  return layerOn(engine, { base: await programsOn(engine, 'slim', signal), layer: { name: 'plimsoll-test-user', files: [], changes: ['USER 1000'] } }, signal)
}
