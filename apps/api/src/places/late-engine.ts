import { engineAddress, openDockerEngine, type DockerEngine } from '@plimsoll/drivers/docker'

/** The engine that the environment names, which is read when it is first asked: what is wrong with it then is no matter of who never asks. */
export function lateEngine(machine: Readonly<Record<string, string | undefined>>): DockerEngine {
  let opened: DockerEngine | undefined
  const open = (): DockerEngine => (opened ??= openDockerEngine(engineAddress(machine)))
  return {
    get address() {
      return open().address
    },
    call: async (request, signal) => open().call(request, signal),
    read: async (schema, request, signal) => open().read(schema, request, signal),
    bytes: async (request, signal) => open().bytes(request, signal),
    stream: async (request, signal) => open().stream(request, signal),
  }
}
