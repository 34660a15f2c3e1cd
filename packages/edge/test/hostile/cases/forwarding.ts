import { host, type HostileCase, kase, passes, request } from '../hostile-case.ts'

const passesOn = (name: string, fields: readonly string[], rest: Parameters<typeof passes>[2]): HostileCase => passes(name, request('GET /', fields), rest)

/** What a client says about itself, in the spellings that apps read. */
const spoofed = ['X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Forwarded-Port', 'X-Forwarded-Server', 'X-Forwarded-Prefix', 'X-Real-IP', 'Forwarded', 'X-Forwarded', 'X-Original-URL', 'X-Rewrite-URL', 'X-Client-IP', 'True-Client-IP', 'X-Original-Host', 'X-Forwarded-Ssl', 'X-Forwarded-Scheme']

const origins: readonly HostileCase[] = [
  ...spoofed.map((name) => passesOn(`${name} of a client is not passed on`, [`${name}: evil.test`], { hearsNot: [/evil\.test/] })),
  ...['X_Forwarded_For', 'x_real_ip', 'X-Forwarded_Proto'].map((name) => passesOn(`${name}, which some apps read as the field with hyphens, is not passed on`, [`${name}: evil.test`], { hearsNot: [/evil\.test/] })),
  passesOn('X-Forwarded-For on two lines is replaced', ['X-Forwarded-For: 6.6.6.6', 'X-Forwarded-For: 7.7.7.7'], { hears: [/\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/i], hearsNot: [/6\.6\.6\.6|7\.7\.7\.7/] }),
  passesOn('the upstream learns the address, the protocol and the host of the client', [], {
    hears: [/\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/i, /\r\nX-Forwarded-Proto: http\r\n/i, /\r\nX-Forwarded-Host: shop\.test\r\n/i, /\r\nX-Real-Ip: 127\.0\.0\.1\r\n/i],
  }),
  passesOn('Connection cannot take away what the edge says', ['Connection: X-Forwarded-For, X-Real-Ip, X-Request-Id, X-Forwarded-Proto'], {
    hears: [/\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/i, /\r\nX-Forwarded-Proto: http\r\n/i, /\r\nX-Real-Ip: 127/i, /\r\nX-Request-Id: /i],
  }),
]

const hops: readonly HostileCase[] = [
  ...['Keep-Alive: 5', 'Proxy-Connection: keep-alive', 'Proxy-Authorization: Basic bWU6bWU=', 'Proxy-Authenticate: Basic', 'TE: gzip', 'Trailer: Sum', 'HTTP2-Settings: AAMAAABkAAQAAP__', 'Upgrade: foo/1'].map((field) =>
    passesOn(`${field.split(':')[0]} ends at the edge`, [field], { hearsNot: [new RegExp(`\r\n${field.split(':')[0]}:`, 'i')] }),
  ),
  passesOn('a field that Connection names ends at the edge', ['Connection: X-Mine', 'X-Mine: 1'], { hearsNot: [/x-mine/i] }),
  passesOn('fields that Connection names in a list, in other letters and with spaces', ['Connection: keep-alive ,\tx-MINE , X-Yours', 'X-Mine: 1', 'X-Yours: 2'], { hearsNot: [/x-mine|x-yours/i] }),
  passesOn('fields that a second Connection names', ['Connection: keep-alive', 'Connection: X-Mine', 'X-Mine: 1'], { hearsNot: [/x-mine/i] }),
  ...['Host', 'Content-Type', 'Cache-Control', 'Cookie', 'Authorization', 'Content-Length'].map((name) =>
    passes(`Connection cannot name ${name} away`, request('POST /', [`Connection: ${name}`, ...(name === 'Host' ? [] : [name === 'Content-Length' ? 'Content-Length: 2' : `${name}: kept`]), ...(name === 'Content-Length' ? [] : ['Content-Length: 2'])], 'hi'), {
      hears: [new RegExp(`\r\n${name}: (?:kept|2|shop\\.test)\r\n`, 'i')],
    }),
  ),
  passesOn('TE: trailers is passed on as a field of the next connection', ['TE: trailers', 'Connection: TE'], { hears: [/\r\nTE: trailers\r\n/i, /\r\nConnection: TE\b/i] }),
  passesOn('TE keeps trailers and loses the rest', ['TE: gzip, trailers', 'Connection: TE'], { hears: [/\r\nTE: trailers\r\n/i], hearsNot: [/gzip/] }),
  kase('Connection: close of a client is not passed on, and closes its own connection', request('GET /', ['Connection: close']), { outcome: '200 closed', reaches: 1, hearsNot: [/Connection: close/i], answers: [/\r\nConnection: close\r\n/i] }),
  kase('Connection: close in a list', request('GET /', ['Connection: foo, Close']), { outcome: '200 closed', reaches: 1 }),
]

const ids: readonly HostileCase[] = [
  passesOn('a request without id gets one', [], { hears: [/\r\nX-Request-Id: [0-9a-f-]{36}\r\n/i] }),
  passesOn('a usable id is kept', ['X-Request-Id: mine-1'], { hears: [/\r\nX-Request-Id: mine-1\r\n/] }),
  passesOn('of two ids one is kept', ['X-Request-Id: mine-1', 'X-Request-Id: mine-2'], { hears: [/\r\nX-Request-Id: mine-1\r\n/], hearsNot: [/mine-2/] }),
  ...['', 'a b', 'caf\xe9', 'a'.repeat(201)].map((id) => passesOn(`the id ${JSON.stringify(id.slice(0, 10))} of ${id.length} characters is replaced`, [`X-Request-Id: ${id}`], { hears: [/\r\nX-Request-Id: [0-9a-f-]{36}\r\n/i] })),
  passesOn('an id with signs that could break a log line of JSON stays one field', ['X-Request-Id: "},{"a":"'], { hears: [/\r\nX-Request-Id: "\},\{"a":"\r\n/] }),
]

const upgrades: readonly HostileCase[] = [
  passesOn('h2c is not spoken: answered as if it had not asked', ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'], { hearsNot: [/upgrade|http2-settings|h2c/i] }),
  passesOn('h2c without its settings', ['Connection: Upgrade', 'Upgrade: h2c'], { hearsNot: [/upgrade|h2c/i] }),
  passesOn('h2c in a list with websocket', ['Connection: Upgrade', 'Upgrade: websocket, h2c'], { hearsNot: [/upgrade|h2c/i] }),
  passesOn('an upgrade to TLS', ['Connection: Upgrade', 'Upgrade: TLS/1.0'], { hearsNot: [/upgrade/i] }),
  passesOn('an upgrade that Connection does not name', ['Upgrade: websocket'], { hearsNot: [/upgrade: /i] }),
  passes('a POST that asks for a WebSocket', request('POST /', ['Connection: Upgrade', 'Upgrade: websocket', 'Content-Length: 2'], 'hi'), { hears: [/\r\n\r\nhi/], hearsNot: [/upgrade: /i] }),
  kase('HTTP/1.0 that asks for a WebSocket', `GET / HTTP/1.0\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`, { outcome: '200 closed', reaches: 1, hearsNot: [/upgrade: /i] }),
]

export const forwarding: readonly HostileCase[] = [...origins, ...hops, ...ids, ...upgrades]
