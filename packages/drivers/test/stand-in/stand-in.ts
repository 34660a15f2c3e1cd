/**
 * Base images for tests, made from what this machine has: nothing is pulled, and no package manager runs. For test files.
 */
import type { DockerEngine } from '../../src/docker-engine/docker-engine.ts'
import { file, shell, system } from './base-files.ts'
import { imageOf, type MadeImage } from './flat-image.ts'

export { bridgeHere } from '../../src/docker/bridge-here.ts'
export { findBuildClient, type BuildClient } from '../../src/image/build-client.ts'
export { removeImageNames } from '../../src/image/image-names.ts'
export { inOrder, readComposeFile, type ComposeFile, type ComposeService } from '../compose-file.ts'
export { createDockerLab, dockerLabAt, whyNoDockerLab, type DockerLab, type LabName } from './docker-lab.ts'
export { layerOn } from './flat-image.ts'
export { programsAsUser, programsOn } from './programs.ts'
export { forgetImagesOf, registryUser, startRegistry, whyNoRegistry, type TestRegistry } from './registry.ts'
export { startRudeRegistry, type RudeRegistry } from './rude-registry.ts'
export { haproxy, haproxyFiles, postgresImage, redisImage } from './servers.ts'
export { standInImage } from './stand-in-image.ts'
export { whyNoDocker } from './why-no-docker.ts'
export type { StandIn } from './base-files.ts'
export type { MadeImage } from './flat-image.ts'

/** Of a web server of two megabytes that serves `/srv` where `PORT` says. */
export const tinyServer = {
  files: () => [...system(), ...shell(), file('srv/index.html', 'a tiny server\n')],
  changes: ['ENV PATH=/bin', 'WORKDIR /srv', 'CMD ["/bin/sh", "-c", "exec httpd -f -p $PORT -h /srv"]'],
} as const

/** The image of {@link tinyServer}, made unless this engine has it. */
export function tinyImage(engine: DockerEngine, signal: AbortSignal): Promise<MadeImage> {
  return imageOf(engine, { name: 'plimsoll-stand-in-tiny', key: JSON.stringify(tinyServer.files().map(({ path }) => path)), ...tinyServer }, signal)
}
