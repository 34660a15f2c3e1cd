import { expect, test } from 'vitest'
import { webAddress } from './read-remote.ts'

test.each([
  ['git@github.com:ada/shop.git', 'https://github.com/ada/shop'],
  ['ssh://git@github.com/ada/shop.git', 'https://github.com/ada/shop'],
  ['ssh://git@git.test:2222/ada/shop', 'https://git.test/ada/shop'],
  ['https://ada:secret@github.com/ada/shop.git', 'https://github.com/ada/shop'],
  ['https://git.test:8443/ada/shop/', 'https://git.test:8443/ada/shop'],
  ['/srv/git/shop.git', undefined],
  ['../shop', undefined],
  ['', undefined],
])('of the remote %s others know %s', (remote, address) => {
  expect(webAddress(remote)).toBe(address)
})
