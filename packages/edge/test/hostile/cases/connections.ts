import { abandoned, echo, fin, host, type HostileCase, kase, ok, passes, reached, refused, request, reset, seen, slowly, whole } from '../hostile-case.ts'

const handshake = request('GET /ws', ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='])
const switches = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n'
const short = `${ok}Content-Length: 2\r\n\r\nok`
const head = (fields: readonly string[]): string => `POST / HTTP/1.1\r\n${host}${fields.join('\r\n')}\r\n\r\n`

const pipelines: readonly HostileCase[] = [
  kase('pipelined requests are answered in order', ['/1', '/2', '/3'].map((path) => request(`GET ${path}`)).join(''), { outcome: '200 200 200 open', reaches: 3, answers: [/GET \/1 [^]*GET \/2 [^]*GET \/3 /] }),
  kase('pipelined behind HEAD', request('HEAD /1') + request('GET /2'), { outcome: '200 200 open', reaches: 2, methods: ['HEAD'] }),
  kase('pipelined behind a body', request('POST /1', ['Content-Length: 2'], 'hi') + request('GET /2'), { outcome: '200 200 open', reaches: 2 }),
  kase('pipelined behind 204 and 304', request('GET /1') + request('GET /2') + request('GET /3'), { outcome: '204 304 200 open', reaches: 3, upstream: [['HTTP/1.1 204 No Content\r\n\r\n'], ['HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'], [echo]] }),
  kase('a malformed request behind a good one', `${request('GET /1')}GET /2 HTTP/1.1\r\nHost : x\r\n\r\n`, { outcome: '200 400 closed', reaches: 1 }),
  kase('a refused request ends the connection: what was sent behind it is not heard', request('GET foo') + request('GET /2'), { outcome: '400 closed', reaches: 0 }),
  kase('a malformed body behind a good request', request('GET /1') + request('POST /2', ['Transfer-Encoding: chunked'], 'x\r\n'), { outcome: '200 400 closed', reaches: 1 }),
  kase('what stands behind Connection: close is not heard', request('GET /1', ['Connection: close']) + request('GET /2'), { outcome: '200 closed', reaches: 1 }),
  kase('a hundred pipelined requests', Array.from({ length: 100 }, (_, index) => request(`GET /${index}`)).join(''), { outcome: `${'200 '.repeat(100)}open`, reaches: 100, answers: [/GET \/98 [^]*GET \/99 /] }),
  kase('one request behind the other on a connection', [request('GET /1'), seen(/\/1 /), request('POST /2', ['Content-Length: 1'], 'x'), seen(/\/2 /), request('GET /3')], { outcome: '200 200 200 open', reaches: 3 }),
]

const halves: readonly HostileCase[] = [
  kase('a client that ends its way while it waits has gone', [request('GET /'), reached(/\r\n\r\n/), fin], { outcome: 'closed', reaches: 1, upstream: [[abandoned]], upstreamCut: true }),
  kase('a client that ends its way behind its body has gone', [request('POST /', ['Content-Length: 2'], 'hi'), reached(/hi$/), fin], { outcome: 'closed', reaches: 1, upstream: [[abandoned]], upstreamCut: true }),
  kase('a client that ends in the middle of its head', [`GET / HTTP/1.1\r\n${host}`, fin], { outcome: '400 closed', reaches: 0 }),
  kase('a client that ends without a word', [fin], { outcome: 'closed', reaches: 0 }),
  kase('a client that ends in the middle of its body', [head(['Content-Length: 10']), reached(/\r\n\r\n/), 'abc', fin], { outcome: '400 closed', reaches: 1, upstreamCut: true }),
  kase('a client that ends in the middle of a chunk', [head(['Transfer-Encoding: chunked']), reached(/\r\n\r\n/), '5\r\nabc', fin], { outcome: '400 closed', reaches: 1, upstreamCut: true, hearsNot: [/0\r\n\r\n$/] }),
  kase('a client that ends between chunks', [head(['Transfer-Encoding: chunked']), reached(/\r\n\r\n/), '3\r\nabc\r\n', fin], { outcome: '400 closed', reaches: 1, upstreamCut: true, hearsNot: [/0\r\n\r\n$/] }),
  kase('a client that resets in the middle of its body', [head(['Content-Length: 10']), 'abc', reached(/abc/), reset], { outcome: 'left', reaches: 1, upstreamCut: true }),
  kase('a client that resets with several requests under way', [request('GET /1') + request('GET /2') + request('GET /3'), reached(/\r\n\r\n/), reset], { outcome: 'left', reaches: 1, upstream: [[abandoned]], upstreamCut: true }),
  kase('a client that resets while it waits', [request('GET /'), reached(/\r\n\r\n/), reset], { outcome: 'left', reaches: 1, upstream: [[abandoned]], upstreamCut: true }),
  kase('a client that resets in the middle of its answer', [request('GET /'), seen(/abc/), reset], { outcome: 'left', reaches: 1, upstream: [[`${ok}Content-Length: 10\r\n\r\nabc`, abandoned]], upstreamCut: true }),
  kase('a client that resets in the middle of an answer in chunks', [request('GET /'), seen(/abc/), reset], { outcome: 'left', reaches: 1, upstream: [[`${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`, abandoned]], upstreamCut: true }),
]

const expectations: readonly HostileCase[] = [
  kase('Expect: 100-continue is answered by the upstream', [head(['Expect: 100-continue', 'Content-Length: 2']), seen(/100 Continue\r\n/), 'hi'], { outcome: '100 200 open', reaches: 1, upstream: [['HTTP/1.1 100 Continue\r\n\r\n', echo]], hears: [/Expect: 100-continue/i, /\r\n\r\nhi/] }),
  kase('Expect with capitals', [head(['Expect: 100-Continue', 'Content-Length: 2']), seen(/100 Continue\r\n/), 'hi'], { outcome: '100 200 open', reaches: 1, upstream: [['HTTP/1.1 100 Continue\r\n\r\n', echo]] }),
  kase('Expect with chunks', [head(['Expect: 100-continue', 'Transfer-Encoding: chunked']), seen(/100 Continue\r\n/), '2\r\nhi\r\n0\r\n\r\n'], { outcome: '100 200 open', reaches: 1, upstream: [['HTTP/1.1 100 Continue\r\n\r\n', echo]] }),
  kase('Expect that the upstream refuses: nobody knows whether the body follows, so the connection ends', [head(['Expect: 100-continue', 'Content-Length: 2'])], { outcome: '413 closed', reaches: 1, upstream: [['HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n']] }),
  kase('Expect with a body that does not wait', [head(['Expect: 100-continue', 'Content-Length: 2']), 'hi'], { outcome: '100 200 open', reaches: 1, upstream: [['HTTP/1.1 100 Continue\r\n\r\n', echo]] }),
  kase('Expect without a body', request('GET /', ['Expect: 100-continue']), { outcome: '100 200 open', reaches: 1, upstream: [['HTTP/1.1 100 Continue\r\n\r\n', echo]] }),
  kase('Expect in HTTP/1.0 is ignored', `POST / HTTP/1.0\r\n${host}Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi`, { outcome: '200 closed', reaches: 1, upstream: [['HTTP/1.1 100 Continue\r\n\r\n', echo]], answersLack: [/100 Continue/] }),
  refused('an unknown expectation', request('POST /', ['Expect: a-miracle', 'Content-Length: 0']), { status: 417 }),
  refused('an unknown expectation beside the known one', request('POST /', ['Expect: 100-continue, a-miracle', 'Content-Length: 0']), { status: 417 }),
  kase('a 100 that was not asked for is not passed on', request('GET /'), { outcome: '200 open', reaches: 1, upstream: [['HTTP/1.1 100 Continue\r\n\r\n', echo]] }),
]

const webSockets: readonly HostileCase[] = [
  kase('a WebSocket carries bytes both ways', [handshake, seen(/hello/), 'from the client', reached(/from the client/)], { outcome: '101 tunnel', reaches: 1, upstream: [[switches, '\x81\x05hello']], hears: [/\r\nConnection: Upgrade\r\n/i, /\r\nUpgrade: websocket\r\n/i] }),
  kase('what a client sends right behind its handshake reaches the upstream', [`${handshake}early`, reached(/early/)], { outcome: '101 tunnel', reaches: 1, upstream: [[switches]], hears: [/\r\n\r\nearly/] }),
  kase('a WebSocket behind a request that is under way', `${request('GET /1')}${handshake}`, { outcome: '200 101 tunnel', reaches: 2, upstream: [[echo], [switches]] }),
  kase('a WebSocket in capitals', request('GET /ws', ['Connection: keep-alive, UPGRADE', 'Upgrade: WebSocket']), { outcome: '101 tunnel', reaches: 1, upstream: [[switches]] }),
  kase('a WebSocket that the upstream denies is answered as it denies it', handshake, { outcome: '403 closed', reaches: 1, upstream: [['HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno']] }),
  kase('a WebSocket that the upstream answers without switching', handshake, { outcome: '200 closed', reaches: 1, upstream: [[short]] }),
  kase('a request behind a denied WebSocket is not taken for bytes of it', handshake + request('GET /evil'), { outcome: '403 closed', reaches: 1, upstream: [['HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno']], hearsNot: [/evil/] }),
  kase('a handshake is switched to nothing but what was asked for', handshake, { outcome: '502 closed', reaches: 1, upstream: [['HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n']] }),
  kase('a switch that does not say to what', handshake, { outcome: '502 closed', reaches: 1, upstream: [['HTTP/1.1 101 Switching Protocols\r\n\r\n']] }),
  kase('a switch that nobody asked for', request('GET /'), { outcome: '502 open', reaches: 1, upstream: [[switches]] }),
  kase('an upstream that dies during the handshake', handshake, { outcome: '502 closed', reaches: 1, upstream: [[reset]] }),
  kase('an upstream that ends a WebSocket ends it for the client', [handshake], { outcome: '101 closed', reaches: 1, upstream: [[switches, 'bye', fin]], answers: [/bye$/] }),
  kase('a client that leaves a WebSocket leaves it at the upstream', [handshake, seen(/101/), reset], { outcome: 'left', reaches: 1, upstream: [[switches]], upstreamCut: true }),
]

const slow: readonly HostileCase[] = [
  kase('a connection that says nothing', [], { outcome: 'closed', reaches: 0, proxy: 'impatient-heads' }),
  kase('a head that does not end', `GET / HTTP/1.1\r\n${host}`, { outcome: '408 closed', reaches: 0, proxy: 'impatient-heads' }),
  kase('a head of fields without end', [`GET / HTTP/1.1\r\n${host}`, ...Array.from({ length: 400 }, () => slowly('X: aaaaaaaaaaaaa\r\n'))], { outcome: '408 closed', reaches: 0, proxy: 'impatient-heads' }),
  kase('a request line that does not end', 'GET /aaaaaaa', { outcome: '408 closed', reaches: 0, proxy: 'impatient-heads' }),
  kase('an upload that stops coming', [head(['Content-Length: 10']), 'abc'], { outcome: '408 closed', reaches: 1, upstreamCut: true, proxy: 'impatient-bodies' }),
  kase('an upload in chunks that stops coming', [head(['Transfer-Encoding: chunked']), '3\r\nabc\r\n'], { outcome: '408 closed', reaches: 1, upstreamCut: true, proxy: 'impatient-bodies', hearsNot: [/0\r\n\r\n$/] }),
  kase('a second request that does not end', [request('GET /1'), seen(/\/1 /), 'GET /2'], { outcome: '200 408 closed', reaches: 1, proxy: 'impatient-heads' }),
  passes('an answer that is long in coming is waited for', request('GET /'), { proxy: 'usual', upstream: [[whole, short]] }),
]

export const connections: readonly HostileCase[] = [...pipelines, ...halves, ...expectations, ...webSockets, ...slow]
