import { type ClientAct, type HostileCase, host, kase, passes, reached, request, seen } from '../hostile-case.ts'

const chunked = (chunks: string): string => request('POST /', ['Transfer-Encoding: chunked'], chunks)

/** The head may have gone to the upstream by then; the end of a body never does, and its connection is cut. */
function broken(name: string, chunks: string, status = 400): HostileCase {
  const client: readonly ClientAct[] = [`POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`, reached(/\r\n\r\n/), chunks]
  return kase(`chunks: ${name}`, client, { outcome: `${status} closed`, reaches: 1, upstreamCut: true, hearsNot: [/\r\n0\r\n\r\n/, /evil/] })
}

export const chunks: readonly HostileCase[] = [
  broken('a size with 0x', '0x1\r\na\r\n0\r\n\r\n'),
  broken('a negative size', '-1\r\na\r\n0\r\n\r\n'),
  broken('a size with a plus', '+1\r\na\r\n0\r\n\r\n'),
  broken('an empty size', '\r\na\r\n0\r\n\r\n'),
  broken('a size of other letters', 'g\r\na\r\n0\r\n\r\n'),
  broken('a size of 17 digits', 'fffffffffffffffff\r\na'),
  broken('a size that is 1 in 64 bits', '10000000000000001\r\na\r\n0\r\n\r\n'),
  broken('a size that is 1 in 32 bits and a space', '100000001 1\r\na\r\n0\r\n\r\n'),
  broken('a space before the size', ' 1\r\na\r\n0\r\n\r\n'),
  broken('a space behind the size', '1 \r\na\r\n0\r\n\r\n'),
  broken('a tab behind the size', '1\t\r\na\r\n0\r\n\r\n'),
  broken('a bare line feed behind the size', '1\na\r\n0\r\n\r\n'),
  broken('a bare carriage return behind the size', '1\ra\r\n0\r\n\r\n'),
  broken('bare line feeds', '1\na\n0\n\n'),
  broken('data longer than its size', '1\r\nab\r\n0\r\n\r\n'),
  broken('data without its end', '1\r\nab0\r\n\r\n'),
  broken('a bare line feed behind the data', '1\r\na\n0\r\n\r\n'),
  broken('two other bytes behind the data', '1\r\naXX0\r\n\r\n'),
  broken('a line feed in an extension', '1;a\nb\r\na\r\n0\r\n\r\n'),
  broken('a carriage return in an extension', '1;a\rb\r\na\r\n0\r\n\r\n'),
  broken('a NUL in an extension', '1;a\0b\r\na\r\n0\r\n\r\n'),
  broken('an extension of 40 KB', `1;${'a'.repeat(40_000)}\r\na\r\n0\r\n\r\n`, 413),
  broken('a last chunk with a bare line feed', '0\n\r\n'),
  broken('a trailer without colon', '0\r\nnothing\r\n\r\n'),
  broken('a trailer with a space before its colon', '0\r\nA : b\r\n\r\n'),
  broken('a folded trailer', '0\r\nA: b\r\n c\r\n\r\n'),
  broken('a bare line feed in a trailer', '0\r\nA: b\nGET /evil: c\r\n\r\n'),
  broken('a NUL in a trailer', '0\r\nA: b\0\r\n\r\n'),
  broken('a length among the trailers', '0\r\nContent-Length: 7\r\n\r\n'),
  broken('a coding among the trailers', '0\r\nTransfer-Encoding: x\r\n\r\n'),
  broken('trailers of 100 KB', `0\r\n${'A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(3_000)}\r\n`, 431),
  passes('chunks arrive whole', chunked('3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'), { hears: [/\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n|5\r\nabcde\r\n0\r\n\r\n/] }),
  passes('sizes in capitals and with zeros before them', chunked('00000A\r\n0123456789\r\n0\r\n\r\n'), { hears: [/a\r\n0123456789\r\n0\r\n\r\n/i] }),
  passes('chunk extensions are not passed on', chunked('2;x=y\r\nde\r\n0;z\r\n\r\n'), { hears: [/\r\n2\r\nde\r\n0\r\n\r\n/] }),
  passes('a trailer arrives', chunked('1\r\na\r\n0\r\nSum: 5\r\n\r\n'), { hears: [/0\r\nSum: 5\r\n\r\n/] }),
  passes('a trailer that would change the message does not arrive', chunked('0\r\nSum: 5\r\nAuthorization: me\r\nHost: evil\r\nX-Forwarded-For: 6.6.6.6\r\nCookie: a\r\n\r\n'), {
    hears: [/0\r\nSum: 5\r\n\r\n/],
  }),
  kase('Connection: close among the trailers', [chunked('0\r\nConnection: close\r\n\r\n'), seen(/200 OK/), request('GET /')], { outcome: '200 closed', reaches: 1 }),
  passes('chunks in single bytes', [`POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`, { act: 'slowly', bytes: '2\r\nab\r\n1;q\r\nc\r\n0\r\n\r\n' }], { hears: [/0\r\n\r\n/] }),
  passes('an empty chunked body', chunked('0\r\n\r\n'), { hears: [/\r\n\r\n0\r\n\r\n/] }),
  kase('what stands behind the last chunk is the next request', `${chunked('0\r\n\r\n')}${request('GET /second')}`, { outcome: '200 200 open', reaches: 2 }),
  passes('a chunked body on GET', request('GET /', ['Transfer-Encoding: chunked'], '2\r\nhi\r\n0\r\n\r\n'), { hears: [/\r\n2\r\nhi\r\n0\r\n/] }),
]
