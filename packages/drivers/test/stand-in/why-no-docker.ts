import { engineAddress } from '../../src/docker-engine/engine-address.ts'
import { openDockerEngine } from '../../src/docker-engine/docker-engine.ts'

/** Why this machine has no Docker engine for tests; undefined where one answers. Throws where PLIMSOLL_REQUIRE says that it must. */
export async function whyNoDocker(environment: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  try {
    await openDockerEngine(engineAddress(environment)).call({ path: '/version', to: 'say which version it is' }, AbortSignal.timeout(20_000))
    return undefined
  } catch (error) {
    if ((environment['PLIMSOLL_REQUIRE'] ?? '').split(',').includes('docker')) throw new Error('PLIMSOLL_REQUIRE asks for docker, and no engine answers', { cause: error })
    return 'skipped: no Docker engine'
  }
}
