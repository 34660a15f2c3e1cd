import { host, type HostileCase, kase, passes, refused, request } from '../hostile-case.ts'

const many = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `x${index}:`)

export const sizes: readonly HostileCase[] = [
  passes('a field of 15 KB', request('GET /', [`X: ${'a'.repeat(15_000)}`]), { hears: [/\r\nX: a{15000}\r\n/] }),
  refused('a field of 100 KB', request('GET /', [`X: ${'a'.repeat(100_000)}`]), { status: 431 }),
  refused('a name of 100 KB', request('GET /', [`${'a'.repeat(100_000)}: x`]), { status: 431 }),
  refused('a field of 1 MB', request('GET /', [`X: ${'a'.repeat(1_000_000)}`]), { status: 431 }),
  refused('fields of 100 KB together', request('GET /', Array.from({ length: 100 }, (_, index) => `x${index}: ${'a'.repeat(1_000)}`)), { status: 431 }),
  passes('a thousand fields arrive, none is lost without a word', request('GET /', [...many(1_000), 'Last: here']), { hears: [/\r\nLast: here\r\n/] }),
  refused('more fields than Node would hand to an app are refused', request('GET /', many(2_001)), { status: 431 }),
  passes('a path of 7 KB', request(`GET /${'a'.repeat(7_000)}`), { hears: [/^GET \/a{7000} HTTP/] }),
  refused('a path of 20 KB', request(`GET /${'a'.repeat(20_000)}`), { status: 414 }),
  refused('a path of 100 KB', request(`GET /${'a'.repeat(100_000)}`), { status: 431 }),
  refused('a length above the limit of bodies', request('POST /', ['Content-Length: 1001'], 'a'.repeat(1_001)), { status: 413, proxy: 'narrow' }),
  passes('a length at the limit of bodies', request('POST /', ['Content-Length: 1000'], 'a'.repeat(1_000)), { proxy: 'narrow', hears: [/a{1000}$/] }),
  kase('chunks above the limit of bodies', `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n${'64\r\n' + 'a'.repeat(100) + '\r\n'}${'3e8\r\n' + 'b'.repeat(1_000) + '\r\n'}0\r\n\r\n`, { outcome: '413 closed', reaches: 1, proxy: 'narrow', upstreamCut: true, hearsNot: [/\r\n0\r\n\r\n$/],
  }),
  refused('a length above the limit with Expect is refused before the body is sent', `POST / HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: 1001\r\n\r\n`, { status: 413, proxy: 'narrow' }),
  refused('a length of 15 digits above the limit', request('POST /', ['Content-Length: 999999999999999']), { status: 413, proxy: 'narrow' }),
]
