import { expect, it } from 'vitest'
import { parseTcpTable } from './describe-listening.ts'

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:520F 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0 100 0 0 10 0
   1: 00000000:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 222 1 0 100 0 0 10 0
   2: 0100007F:520F 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 333 1 0 20 4 0 10 -1
`
const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:520F 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 444 1 0 100 0 0 10 0
   1: 00000000000000000000000000000000:520F 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 555 1 0 100 0 0 10 0
`

it('reads listening sockets, and no others, out of the kernel’s table', () => {
  expect(parseTcpTable(tcp)).toEqual([
    { host: '127.0.0.1', port: 21_007, inode: '111' },
    { host: '0.0.0.0', port: 3_000, inode: '222' },
  ])
})

it('writes IPv6 addresses as people do', () => {
  expect(parseTcpTable(tcp6).map(({ host }) => host)).toEqual(['::1', '::'])
})
