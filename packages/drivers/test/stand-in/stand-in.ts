/**
 * Base images for tests, made from what this machine has: nothing is pulled, and no package manager runs. For test files.
 */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { DockerEngine } from '../../src/docker/engine/docker-engine.ts'
import { tarOf, type TarEntry } from '../../src/docker/tar.ts'
import { withLock } from '../../src/process/lock.ts'
import { realClock } from '../real-clock.ts'
import { baseFiles, baseKey, type StandIn } from './base-files.ts'

export { whyNoDocker } from './why-no-docker.ts'
export type { StandIn } from './base-files.ts'

const changes: Readonly<Record<StandIn, readonly string[]>> = {
  slim: ['ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'ENTRYPOINT ["docker-entrypoint.sh"]', 'CMD ["node"]'],
  minimal: ['ENV PATH=/nodejs/bin:/usr/bin:/bin', 'USER 65532', 'ENTRYPOINT ["/nodejs/bin/node"]'],
}

/** An image that the engine has: `name` can be pulled from nowhere and stays until somebody removes it. */
export interface MadeImage {
  readonly name: string
  /** `sha256:…` */
  readonly id: string
}

/** The stand-in, made unless this engine has it: its name follows from what it holds. */
export function standInImage(engine: DockerEngine, standIn: StandIn, signal: AbortSignal): Promise<MadeImage> {
  const trust = 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt'
  return imageOf(engine, { name: `plimsoll-stand-in-${standIn}`, key: baseKey(standIn), files: () => baseFiles(standIn), changes: [...changes[standIn], trust] }, signal)
}

export interface FlatImage {
  readonly name: string
  /** Stands for what the files are: another key, another image. */
  readonly key: string
  readonly files: () => readonly TarEntry[]
  /** Lines of a Dockerfile: CMD, ENTRYPOINT, ENV, EXPOSE, USER, WORKDIR. */
  readonly changes: readonly string[]
}

/** An image of one layer, made unless this engine has it; its tag follows from its key. Two makers at once make it once. */
export function imageOf(engine: DockerEngine, { name, key, files, changes: lines }: FlatImage, signal: AbortSignal): Promise<MadeImage> {
  const tag = createHash('sha256').update([key, ...lines].join('\n')).digest('hex').slice(0, 16)
  return withLock({ name: `image/${name}:${tag}`, clock: realClock }, async () => {
    const known = await idOf(engine, `${name}:${tag}`, signal)
    if (known !== undefined) return { name: `${name}:${tag}`, id: known }
    const query = { fromSrc: '-', repo: name, tag, changes: lines }
    await engine.call({ method: 'POST', path: '/images/create', query, tar: Readable.from(tarOf(files())), to: `make the image ${name}` }, signal)
    const id = await idOf(engine, `${name}:${tag}`, signal)
    if (id === undefined) throw new Error(`the engine took the files of ${name} and made no image`)
    return { name: `${name}:${tag}`, id }
  }, signal)
}

async function idOf(engine: DockerEngine, name: string, signal: AbortSignal): Promise<string | undefined> {
  const { status, body } = await engine.call({ path: `/images/${name}/json`, to: `look at the image ${name}`, also: [404] }, signal)
  return status === 404 ? undefined : z.object({ Id: z.string() }).parse(JSON.parse(body)).Id
}
