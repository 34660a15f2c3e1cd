import { serviceNameSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { imageFailure } from './image-failure.ts'

const failure = (...log: string[]) => imageFailure({ service: serviceNameSchema.parse('api'), dockerfile: 'apps/api/Dockerfile', exit: { code: 1, signal: null }, log, logFile: '/home/x/log' })

// The engine's own words: 20.10 where nothing else is said.
const known: [string, string, RegExp, string[]][] = [
  ['a registry that is not reached', 'OFFLINE', /base image docker\.io\/library\/node:24 cannot be pulled, because its registry was not reached/, [' > [internal] load metadata for docker.io/library/node:24:', '------', 'failed to solve with frontend dockerfile.v0: failed to create LLB definition: failed to do request: Head "https://registry-1.docker.io/v2/library/node/manifests/24": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host']],
  ['a frontend that is not reached', 'OFFLINE', /docker\.io\/docker\/dockerfile:1 cannot be pulled/, [' > resolve image config for docker.io/docker/dockerfile:1:', '------', 'failed to do request: dial tcp: i/o timeout']],
  ['a base image that does not exist', 'BUILD_FAILED', /base image ghcr\.io\/x\/y:1 cannot be pulled: .*not found/, [' > [internal] load metadata for ghcr.io/x/y:1:', '------', 'failed to solve: ghcr.io/x/y:1: not found']],
  ['a base image that may not be pulled', 'BUILD_FAILED', /base image docker\.io\/x\/y:1 .*denied/, [' > [internal] load metadata for docker.io/x/y:1:', '------', 'failed to solve: pull access denied, repository does not exist or may require authorization']],
  ['an engine that is gone', 'ENGINE_DOWN', /Docker engine could not be asked/, ['Cannot connect to the Docker daemon at unix:///tmp/nope.sock. Is the docker daemon running?']],
  ['an engine that goes away before a build begins', 'ENGINE_DOWN', /Docker engine could not be asked/, ["failed to dial gRPC: cannot connect to the Docker daemon. Is 'docker daemon' running on this host?: dial unix /tmp/nope.sock: connect: connection refused"]],
  ['an engine without BuildKit', 'BUILD_FAILED', /engine has no BuildKit/, ['failed to dial gRPC: unable to upgrade to h2c, received 404']],
  ['a full disk', 'DISK_FULL', /disk filled up/, ['write /repository/x: no space left on device', ' > [build 3/4] RUN pnpm install:', 'executor failed running [/bin/sh -c pnpm install]: exit code: 1']],
  ['a proxy that is not trusted', 'OFFLINE', /does not trust the package registry/, ['npm error code SELF_SIGNED_CERT_IN_CHAIN', ' > [tools 3/3] RUN npm install:', 'executor failed running [/bin/sh -c npm install]: exit code: 1']],
  ['a registry of packages that is not reached', 'OFFLINE', /could not reach registry\.example/, ['npm error code ENOTFOUND', 'npm error request to https://registry.example/pnpm failed, reason: getaddrinfo ENOTFOUND registry.example', ' > [tools 3/3] RUN npm install:']],
  ['a step that fails', 'BUILD_FAILED', /ended with exit status 1 \(apps\/api\/Dockerfile\): RUN echo hi; exit 3$/, ['hi', 'ERROR: executor failed running [/bin/sh -c echo hi; exit 3]: exit code: 3', ' > [2/2] RUN echo hi; exit 3:', '------', 'executor failed running [/bin/sh -c echo hi; exit 3]: exit code: 3']],
  ['a file that is not there', 'BUILD_FAILED', /: COPY nothing\.txt \/$/, [' > [2/2] COPY nothing.txt /:', '------', 'failed to compute cache key: "/nothing.txt" not found: not found']],
  ['a Dockerfile that cannot be read', 'BUILD_FAILED', /dockerfile parse error line 2: unknown instruction: RUNN$/, ['failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 2: unknown instruction: RUNN']],
]
test.each(known.map(([what, code, message, log]) => ({ what, code, message, log })))('$what is $code', ({ code, message, log }) => {
  expect(failure(...log)).toMatchObject({ code, message: expect.stringMatching(message), hint: expect.any(String), details: { log } })
})

test('the hint knows a lockfile that is behind, and a build that was killed for its memory', () => {
  expect(failure('ERR_PNPM_OUTDATED_LOCKFILE').hint).toContain('commit pnpm-lock.yaml')
  expect(failure('executor failed running [/bin/sh -c next build]: exit code: 137').hint).toContain('memory')
})
