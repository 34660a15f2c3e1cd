import { type HostileCase, kase, passes, refused, request } from '../hostile-case.ts'

const smuggled = 'GET /evil HTTP/1.1\r\nHost: shop.test\r\n\r\n'
/** A POST with these framing fields and a body that hides a request, for whoever reads the other frame. */
const post = (fields: readonly string[], body: string): string => request('POST /', fields, body)
const chunkedBody = `0\r\n\r\n${smuggled}`

const both: readonly HostileCase[] = [
  refused('length, then chunks', post(['Content-Length: 6', 'Transfer-Encoding: chunked'], chunkedBody)),
  refused('chunks, then length', post(['Transfer-Encoding: chunked', 'Content-Length: 6'], chunkedBody)),
  refused('chunks and a length of 0', post(['Transfer-Encoding: chunked', 'Content-Length: 0'], chunkedBody)),
  refused('length and chunks in capitals', post(['CONTENT-LENGTH: 6', 'TRANSFER-ENCODING: CHUNKED'], chunkedBody)),
  refused('length and chunks on GET', request('GET /', ['Content-Length: 6', 'Transfer-Encoding: chunked'], chunkedBody)),
  refused('length and an unknown coding', post(['Content-Length: 6', 'Transfer-Encoding: xchunked'], chunkedBody)),
  refused('length and a coding that names nothing', post(['Content-Length: 6', 'Transfer-Encoding:'], chunkedBody)),
  refused('length and chunks, with a length named by Connection', post(['Connection: Content-Length', 'Content-Length: 6', 'Transfer-Encoding: chunked'], chunkedBody)),
  refused('length and chunks, with chunks named by Connection', post(['Connection: Transfer-Encoding', 'Transfer-Encoding: chunked', 'Content-Length: 6'], chunkedBody)),
]

/** The rest is refused by the edge's own rules. */
const refusedByParser = (coding: string): boolean => coding === '' || coding.includes('chunked, ') || ['\0', '\x0b', '\x0c'].some((sign) => coding.includes(sign))

const codings: readonly HostileCase[] = [
  ...[
    'xchunked', 'x chunked', 'chunkedx', 'chunked x', '"chunked"', "'chunked'", 'identity', 'gzip', 'chunked, identity', 'chunked, gzip', 'identity, chunked, identity',
    'chunked;q=1', 'chunked=1', '\x0bchunked', '\x0cchunked', 'chunked\x0b', 'chunked\0', 'chunke\xe4d', ', ', '',
  ].map((coding) => refused(`Transfer-Encoding ${JSON.stringify(coding)}`, post([`Transfer-Encoding: ${coding}`], chunkedBody), { status: refusedByParser(coding) ? 400 : 501 })),
  ...['chunked, chunked', 'gzip, chunked', 'identity, chunked', 'chunked,', ',chunked'].map((coding) =>
    refused(`Transfer-Encoding ${JSON.stringify(coding)}, of which only the last could be read`, post([`Transfer-Encoding: ${coding}`], chunkedBody), { status: coding.startsWith('chunked') ? 400 : 501 }),
  ),
  refused('two codings on two lines', post(['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], chunkedBody)),
  refused('identity, then chunked, on two lines', post(['Transfer-Encoding: identity', 'Transfer-Encoding: chunked'], chunkedBody), { status: 501 }),
  refused('chunked twice on two lines', post(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], chunkedBody)),
  refused('a space before the colon', post(['Transfer-Encoding : chunked'], chunkedBody)),
  refused('a tab before the colon', post(['Transfer-Encoding\t: chunked'], chunkedBody)),
  refused('a coding on a folded line', post(['Transfer-Encoding:\r\n chunked'], chunkedBody)),
  refused('a coding behind a bare line feed', post(['X: a\nTransfer-Encoding: chunked'], chunkedBody)),
  refused('a coding behind a bare carriage return', post(['X: a\rTransfer-Encoding: chunked'], chunkedBody)),
  refused('a coding behind a NUL', post(['X: a\0Transfer-Encoding: chunked'], chunkedBody)),
  refused('a coding on a line that begins with a space', post([' Transfer-Encoding: chunked'], chunkedBody)),
  passes('chunked in capitals', post(['Transfer-Encoding: CHUNKED'], '1\r\na\r\n0\r\n\r\n'), { hears: [/\r\n1\r\na\r\n0\r\n/] }),
  passes('a tab before chunked', post(['Transfer-Encoding:\tchunked'], '1\r\na\r\n0\r\n\r\n'), { hears: [/\r\n1\r\na\r\n0\r\n/] }),
  passes('a coding with an underscore is no coding, and is not passed on', post(['Transfer_Encoding: chunked', 'Content-Length: 2'], 'hi'), { hears: [/\r\n\r\nhi/], hearsNot: [/transfer_encoding/i] }),
]

const lengths: readonly HostileCase[] = [
  refused('two different lengths', post(['Content-Length: 1', 'Content-Length: 2'], 'ab')),
  refused('the same length twice', post(['Content-Length: 1', 'Content-Length: 1'], 'a')),
  refused('two lengths in other letters', post(['Content-Length: 1', 'CONTENT-LENGTH: 2'], 'ab')),
  ...[
    '+5', '-1', '-0', '0x5', '5,5', '5, 6', '5 5', '5;', '5.0', '5e0', '1_0', '', ' ', '99999999999999999999', '18446744073709551616', '18446744073709551621', '4294967296x', '\x0b5', '5\0', '\xb25', 'five',
  ].map((length) => refused(`Content-Length ${JSON.stringify(length)}`, post([`Content-Length: ${length}`], 'abcde'))),
  refused('a length behind a space before its colon', post(['Content-Length : 5'], 'abcde')),
  refused('a length on a folded line', post(['Content-Length:\r\n 5'], 'abcde')),
  passes('spaces and tabs around a length', post(['Content-Length: \t5 \t'], 'abcde'), { hears: [/\r\n\r\nabcde/] }),
  passes('a length with zeros before it', post(['Content-Length: 0005'], 'abcde'), { hears: [/\r\n\r\nabcde/] }),
  passes('a length with an underscore is no length, and is not passed on', post(['Content_Length: 40', 'Content-Length: 2'], 'hi'), { hears: [/\r\n\r\nhi/], hearsNot: [/content_length/i] }),
  kase('what stands behind the length is the next request', `${post(['Content-Length: 2'], 'hi')}${request('GET /second')}`, { outcome: '200 200 open', reaches: 2, hears: [/\r\n\r\nhi[^]*GET \/second HTTP/] }),
  kase('what stands behind a GET without length is the next request', `${request('GET /first')}${request('GET /second')}`, { outcome: '200 200 open', reaches: 2 }),
  kase('a body that is longer than its length does not hide in it', post(['Content-Length: 2'], 'hi!!'), { outcome: '200 400 closed', reaches: 1, hears: [/\r\n\r\nhi/], hearsNot: [/!!/] }),
  kase('a length of 0 with a body behind it', post(['Content-Length: 0'], 'hi there'), { outcome: '200 400 closed', reaches: 1, hearsNot: [/hi there/] }),
  refused('a length without body on GET, named by Connection', request('GET /', ['Connection: Content-Length', 'Content-Length: +0'])),
  passes('a length named by Connection still frames the body', post(['Connection: close-not, Content-Length', 'Content-Length: 2'], 'hi'), { hears: [/\r\nContent-Length: 2\r\n/, /\r\n\r\nhi/] }),
]

export const framing: readonly HostileCase[] = [...both, ...codings, ...lengths]
