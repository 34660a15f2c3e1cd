import { locateHaproxy } from '../haproxy/locate-haproxy.ts'

/** Why this machine has no HAProxy for tests; undefined where it has. Throws where PLIMSOLL_REQUIRE says that it must. */
export function whyNoHaproxy(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  try {
    locateHaproxy(environment['PATH'])
    return undefined
  } catch (error) {
    if ((environment['PLIMSOLL_REQUIRE'] ?? '').split(',').includes('haproxy')) throw new Error('PLIMSOLL_REQUIRE asks for haproxy, and there is none', { cause: error })
    return 'skipped: no haproxy'
  }
}
