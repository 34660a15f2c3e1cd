import { echo, fin, type HostileCase, kase, ok, request, reset, seen, whole } from '../hostile-case.ts'

/** A second request on the connection of a first: to the upstream it goes on a socket that was used before, if its method allows. */
function second(name: string, what: string, rest: Pick<HostileCase, 'outcome' | 'reaches' | 'upstream'> & Partial<HostileCase>): HostileCase {
  return kase(name, [request('GET /first'), seen(/\/first /), what], rest)
}

const upload = (method: string): string => request(`${method} /`, ['Content-Length: 2'], 'hi')

export const retries: readonly HostileCase[] = [
  ...['GET', 'HEAD', 'OPTIONS', 'DELETE', 'PUT'].map((method) =>
    second(`${method} without body that a used socket loses is sent once more`, request(`${method} /`), { outcome: '200 200 open', reaches: 3, upstream: [[echo], [reset], [echo]], methods: ['GET', method] }),
  ),
  second('a used socket that is closed without a word', request('GET /'), { outcome: '200 200 open', reaches: 3, upstream: [[echo], [fin], [echo]] }),
  second('the second try is the last one', request('GET /'), { outcome: '200 502 open', reaches: 3, upstream: [[echo], [reset], [reset]] }),
  second('a GET that a used socket loses behind the first byte is not sent again', request('GET /'), { outcome: '200 502 open', reaches: 2, upstream: [[echo], ['H', reset]] }),
  second('a GET that a used socket loses behind its head is not sent again', request('GET /'), { outcome: '200 200… closed', reaches: 2, upstream: [[echo], [`${ok}Content-Length: 2\r\n\r\na`, reset]] }),
  second('a GET that a used socket loses behind early hints is not sent again', request('GET /'), { outcome: '200 103 502 open', reaches: 2, upstream: [[echo], ['HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n', reset]] }),
  second('a GET that a used socket answers with nonsense is not sent again', request('GET /'), { outcome: '200 502 open', reaches: 2, upstream: [[echo], ['nonsense\r\n\r\n'], [echo]] }),
  ...['POST', 'PATCH'].map((method) => second(`${method} is never sent twice`, upload(method), { outcome: '200 502 open', reaches: 2, upstream: [[echo], [whole, reset]] })),
  second('POST without body is never sent twice', request('POST /'), { outcome: '200 502 open', reaches: 2, upstream: [[echo], [whole, reset]] }),
  second('PUT with a body is not sent twice, for its body is gone', upload('PUT'), { outcome: '200 502 open', reaches: 2, upstream: [[echo], [whole, reset]] }),
  second('GET with a body is not sent twice', upload('GET'), { outcome: '200 502 open', reaches: 2, upstream: [[echo], [whole, reset]] }),
  kase('a GET that a fresh socket loses is not sent again: the upstream may be working on it', request('GET /'), { outcome: '502 open', reaches: 1, upstream: [[reset], [echo]] }),
  kase('a POST that a fresh socket loses', upload('POST'), { outcome: '502 open', reaches: 1, upstream: [[whole, reset], [echo]] }),
  kase('a POST after a POST goes on a fresh socket', [upload('POST'), seen(/hi$/), upload('POST')], { outcome: '200 200 open', reaches: 2, upstream: [[echo], [echo]] }),
]
