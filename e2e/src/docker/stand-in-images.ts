import type { DockerEngine } from '@plimsoll/drivers/docker'
import { postgresImage, redisImage, standInImage } from '@plimsoll/drivers/stand-in'

/** What a Plimsoll is told so that it builds on this engine, and runs databases on it, without a registry: images are made unless it has them. */
export async function standInImages(engine: DockerEngine, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
  return {
    PLIMSOLL_NODE_BASE: (await standInImage(engine, 'slim', signal)).name,
    PLIMSOLL_RUNTIME_BASE: (await standInImage(engine, 'minimal', signal)).name,
    PLIMSOLL_POSTGRES_IMAGE: (await postgresImage(engine, signal)).name,
    PLIMSOLL_KEYVALUE_IMAGE: (await redisImage(engine, signal)).name,
  }
}
