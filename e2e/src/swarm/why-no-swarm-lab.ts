import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const programs = ['dockerd', 'docker-init', 'docker-registry', 'ip', 'nsenter', 'unshare', 'setpriv'] as const

/** Why this machine can have no lab; undefined where it can. Throws where PLIMSOLL_REQUIRE says that it must. */
export function whyNoSwarmLab(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const why = lacking(environment)
  if (why !== undefined && (environment['PLIMSOLL_REQUIRE'] ?? '').split(',').includes('swarm')) throw new Error(`PLIMSOLL_REQUIRE asks for swarm, and a lab cannot be raised: ${why}`)
  return why === undefined ? undefined : `skipped: ${why}`
}

function lacking(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  if (process.platform !== 'linux') return 'not Linux'
  if (process.getuid?.() !== 0) return 'not root'
  const path = (environment['PATH'] ?? '').split(':').concat('/usr/sbin', '/sbin')
  const missing = programs.filter((name) => !path.some((directory) => existsSync(join(directory, name))))
  if (missing.length > 0) return `no ${missing.join(', ')}`
  try {
    // In a network of its own, which is gone with the command: the links are the ones that a lab is made of.
    execFileSync('unshare', ['--net', '--mount', '--uts', '--pid', '--fork', '--mount-proc', '/bin/sh', '-ec', 'ip link add v0 type veth peer name v1; ip link add br0 type bridge; ip link add x0 type vxlan id 42 dstport 4789'], { stdio: 'pipe' })
    return undefined
  } catch (error) {
    return `no namespaces with veth, bridge and vxlan links (${error instanceof Error ? (error.message.split('\n')[1] ?? error.message) : String(error)})`
  }
}
