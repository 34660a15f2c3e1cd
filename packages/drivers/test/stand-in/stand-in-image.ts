import type { DockerEngine } from '../../src/docker-engine/docker-engine.ts'
import { baseFiles, baseKey, type StandIn } from './base-files.ts'
import { imageOf, type MadeImage } from './flat-image.ts'

const changes: Readonly<Record<StandIn, readonly string[]>> = {
  slim: ['ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'ENTRYPOINT ["docker-entrypoint.sh"]', 'CMD ["node"]'],
  minimal: ['ENV PATH=/nodejs/bin:/usr/bin:/bin', 'USER 65532', 'ENTRYPOINT ["/nodejs/bin/node"]'],
}

/** The stand-in, made unless this engine has it: its name follows from what it holds. */
export function standInImage(engine: DockerEngine, standIn: StandIn, signal: AbortSignal): Promise<MadeImage> {
  const trust = 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt'
  return imageOf(engine, { name: `plimsoll-stand-in-${standIn}`, key: baseKey(standIn), files: () => baseFiles(standIn), changes: [...changes[standIn], trust] }, signal)
}
