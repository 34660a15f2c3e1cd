import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { hasNoWay } from './check-instance.ts'

/** What each address comes to in a network of its own, where the kernel says of one that there is no way, of another that it cannot be reached, and of a third that nobody listens. */
const program = `
  import { checkInstance } from ${JSON.stringify(fileURLToPath(new URL('check-instance.ts', import.meta.url)))}
  const seen = {}
  for (const host of ['192.0.2.1', '198.51.100.1', '127.0.0.1']) seen[host] = await checkInstance({ host, port: 9 }, { everyMs: 1_000 })
  console.log(JSON.stringify(seen))
`
const inOwnNetwork = (command: string): [string, string[]] => ['unshare', ['--user', '--map-root-user', '--net', 'sh', '-c', `ip link set lo up && ip route add unreachable 192.0.2.1 && ${command}`]]
const canMakeOne = process.platform === 'linux' && spawnSync(...inOwnNetwork('true')).status === 0

test.skipIf(!canMakeOne)(canMakeOne ? 'that there is no way to an instance is silence, whoever says so, and only the instance itself refuses' : 'skipped: no network namespaces', () => {
  const [command, words] = inOwnNetwork('exec "$0" --disable-warning=ExperimentalWarning --input-type=module-typescript --eval "$1"')
  const seen: unknown = JSON.parse(execFileSync(command, [...words, process.execPath, program], { encoding: 'utf8' }))
  expect(seen).toEqual({ '192.0.2.1': 'silent', '198.51.100.1': 'silent', '127.0.0.1': 'unwell' })
})

test.each([['EHOSTUNREACH', true], ['ENETUNREACH', true], ['EHOSTDOWN', true], ['ENETDOWN', true], ['ECONNREFUSED', false], ['ECONNRESET', false], ['ETIMEDOUT', false]])('%s says that there is no way: %s', (code, isNoWay) => {
  expect(hasNoWay(Object.assign(new Error('connect'), { code }))).toBe(isNoWay)
})
