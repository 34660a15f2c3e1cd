/** Runs the Services of an App as containers of a Docker engine, from images that are built for it. A door of its own: who uses no Docker does not load it. */
export { openDockerEngine, type DockerEngine } from './engine/docker-engine.ts'
export { engineAddress, type EngineAddress } from './engine/engine-address.ts'
export { createImageBuilder, type ImageBuilderOptions } from '../image/image-builder.ts'
export { dockerFilesFor, type HandedOver } from '../image/handed-over.ts'
export { createDockerDriver, type DockerDriver, type DockerDriverOptions } from './docker-driver.ts'
export type { Logging } from './container-body.ts'
export { createDockerResources, type DockerResources, type DockerResourcesOptions } from './resources/docker-resources.ts'
