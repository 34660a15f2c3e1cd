import { expect, it } from 'vitest'
import { shellCommand, unitEnvironment } from './unit-environment.ts'

const platform = { shell: '/bin/bash', nodePath: '/node/bin/node', toolDirectories: ['/tools'] }
const request = { platform, directory: '/units/one', given: {} }

it('gives a unit its own home and the system’s programs, and nothing of ours', () => {
  expect(unitEnvironment(request)).toEqual({
    LANG: 'C.UTF-8',
    HOME: '/units/one/home',
    TMPDIR: '/units/one/tmp',
    PATH: '/node/bin:/tools:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  })
})

it('lets the Blueprint decide over everything but its port and where Node is found', () => {
  const given = { HOME: '/elsewhere', PORT: '3000', PATH: '/mine', LANG: 'de_DE.UTF-8' }
  expect(unitEnvironment({ ...request, given, address: { host: '127.0.0.1', port: 21_007 } })).toEqual({
    HOME: '/elsewhere', LANG: 'de_DE.UTF-8', TMPDIR: '/units/one/tmp', PORT: '21007', PATH: '/node/bin:/tools:/mine',
  })
})

it('hands a command line to the shell as one word', () => {
  expect(shellCommand(platform, 'a && b "c"')).toEqual(['/bin/bash', '-c', 'a && b "c"'])
})
