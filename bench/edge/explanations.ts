import type { Explanation } from './render-differences.ts'

/** In this order: a case belongs to the first that has its name. */
export const explanations: readonly Explanation[] = [
  {
    title: 'Answers that two readers could understand differently',
    text: `The edge gives a 502 and closes the connection. nginx, HAProxy and Caddy mend much of this, each in its own way: they take bare line feeds, NULs and control
characters in values, folded lines, the same length twice, length beside chunks, and broken chunk ends; nginx also a coding that it does not know, and Caddy
a space before a colon. nginx takes an answer without a status line that it knows for HTTP/0.9, and a length that it cannot read for none; both end with the
connection, for which it waits 60 s (\`stuck\`). To mend means to guess, and behind the edge stands only what its owner wrote: a malformed
answer is a fault that should be seen, or an attack.`,
    cases: /^an upstream that (?:says|goes on with|breaks)/,
  },
  {
    title: 'Upstreams that go away in the middle',
    text: `An answer that was cut must not look whole. The edge ends the connection in the middle of what was announced, and towards HTTP/1.0, where the end
of the connection can be the end of the body, with a reset. nginx and Caddy end an answer in HTTP/1.0 as if it were whole; Caddy ends chunks that were cut
with a last chunk, or leaves the client waiting; HAProxy closes. nginx and Caddy hold bytes back: a client that waits for the first part of an answer
before it goes on gets none (\`stuck\`). Behind early hints nginx passes the hints on as the answer. HAProxy answers nothing but a close when the second try
is refused too, or 503 after 3 s, which is longer than this table waits; Caddy and nginx do not name what did not answer.`,
    cases: /^an upstream that (?:closes|resets|refuses|dies during|ends a)/,
  },
  {
    title: 'Retries',
    text: `The edge sends a request again when a used connection was closed without a byte, the method may be repeated and there is no body: once, on a fresh connection. nginx and Caddy do
the same; nginx also repeats GET and PUT with their bodies, which it has kept, and once more after a first byte. Caddy takes DELETE and PUT for not repeatable. HAProxy by default repeats nothing and closes the client's
connection, so that the client may decide; most do not.`,
    cases: /used socket|fresh socket|second try|sent twice|answers with nonsense|closed without a word/,
  },
  {
    title: 'Answers written in another way',
    text: `The bytes differ, the meaning does not: an answer without length ends with HAProxy's connection and with a last chunk elsewhere, Caddy writes its own reasons and leaves the length out of a 304, nginx ends
trailers and drops \`Keep-Alive\` only.`,
    cases: /^(?:an answer|a reason|a status|20[04]|304|HEAD|an event stream|two cookies|fields of the upstream|bytes behind|a second answer)/,
  },
  {
    title: 'Preliminary answers',
    text: `The edge leaves \`100 Continue\` to the upstream, passes 103 on, and drops what nobody asked for or what HTTP/1.0 does not know. nginx answers
\`Expect\` itself and passes it on to nobody, and nginx 1.22 stalls on any preliminary answer of an upstream (103 is understood from 1.29). Caddy sends a 100
of its own beside the upstream's, and passes 100 and 102 on unasked, also to HTTP/1.0; so does HAProxy. None of the three but Caddy refuses an
expectation that it does not know.`,
    cases: /Expect|expectation|^a 10[02] |early hints/,
  },
  {
    title: 'Times and sizes',
    text: `Where a limit is reached the edge says which: 408, 413, 414 or 431. nginx closes without a word when a head or a body does not come, and answers 400 to
large fields; HAProxy knows 400 only, has room for 100 fields and 16 KB, and by itself no limit of bodies (this table sets one for lengths, as its manual shows;
chunks pass it). Caddy takes heads of 1 MB, notices a body that is too long only once it has passed the rest on, which ends in 502, and does not bound the wait
for a first request by \`read_header\`. A length that is never reached is waited for where there is no limit. nginx in front of the edge refuses fields above 8 KB first.`,
    cases: /(?:KB|MB)(?: together)?$|thousand fields|more fields|limit|does not end|without end|says nothing|stops coming|very long method/,
  },
  {
    title: 'WebSockets and other protocols',
    text: `The edge switches to \`websocket\` only, when both sides say so in full, and closes a connection on which a handshake was denied: nobody knows for which protocol
the bytes behind it were meant. nginx, set up as its manual says, passes any \`Upgrade\` on and tunnels after any 101, h2c included, which lets requests past it; HAProxy tunnels after any 101 and
refuses a handshake without its key; Caddy passes any \`Upgrade\` on and answers 200 where the upstream switched to something else. Fields of the connection are left in h2c requests by nginx.`,
    cases: /WebSocket|handshake|h2c|upgrade|switch|websocket/,
  },
  {
    title: 'What a client says about itself, and fields of one connection',
    text: `The edge says itself who asks, in every spelling that apps read. nginx and HAProxy pass on what they are not told to set; Caddy sets three fields and passes the others; in
nginx \`X-Forwarded-For\` grows, as \`$proxy_add_x_forwarded_for\` is the value that its manual shows. nginx passes fields on that \`Connection\` names, \`Trailer\` and \`Proxy-*\`; Caddy and HAProxy end them, and let \`Connection\` name
anything away, also \`Cookie\` and \`Authorization\`, which the edge keeps: no client has a reason to. Request ids are the edge's own; the others are not told to make any.
nginx drops fields with an underscore, the edge only those that hide one of the above.`,
    cases: /of a client is not passed on|which some apps read|is replaced|ends? at the edge|that a second Connection|that Connection names|^Connection c|away|the upstream learns|\bids?\b|TE keeps|TE: trailers|a name with an underscore|__proto__/,
  },
  {
    title: 'Two frames for one body',
    text: `The edge refuses a length beside chunks, any coding but \`chunked\`, a length twice even where both are the same, and folded or disguised framing fields.
HAProxy and Caddy let chunks win and drop the length, as RFC 9112 (6.1) allows to a proxy that then closes the connection; HAProxy closes it,
Caddy goes on, so that the hidden request is answered as one of its own. Caddy takes an empty length for none, with the same effect; HAProxy takes a coding twice. All three
take a bare line feed for the end of a line, and so see a field that the edge takes for malformed. nginx refuses tabs around lengths, codings and hosts, which RFC 9110 (5.5) allows.
Where one says 400, 422 or 501, nothing is meant by the difference. nginx keeps a body until it is whole and sends it on with a length: the upstream hears other bytes with the same meaning.`,
    cases: /\blength|\bcodings?\b|Transfer-Encoding|Content-Length|does not hide/i,
  },
  {
    title: 'Chunks of a request',
    text: `Where chunks are broken the edge answers 400, and the upstream's connection is cut; it has heard the head and never an end. nginx reads a body whole before it
speaks to the upstream (\`reaches 0\`), Caddy answers 502 as if the upstream were at fault. The three take what RFC 9112 (7.1) does not have: spaces behind a size, bare line feeds,
NULs in extensions; HAProxy, nginx and Caddy do not read trailers, so nothing in them is wrong to them, and they drop them, but for Caddy, which passes them all on.
Chunks that differ and mean the same come from re-chunking or, in nginx, from sending a length.`,
    cases: /chunk|trailer|^sizes in/i,
  },
  {
    title: 'Hosts',
    text: `Which service a request is for depends on its Host, so the edge takes a host name or an address with a port that exists, once. HAProxy does not look at it, nginx
refuses little beyond slashes and spaces, Caddy leaves ports and brackets alone, and takes an empty one. A Host with spaces around is refused by nginx though it is allowed.
\`X-Forwarded-Host\` is Caddy's and the edge's; this table's nginx and HAProxy are not told to send it.`,
    cases: /\bHosts?\b|^an address of/,
  },
  {
    title: 'Request lines',
    text: `The edge takes HTTP/1.0 and 1.1, the methods that Node knows, paths, and URLs of the Host itself. CONNECT and TRACE are refused: the one would go past the edge, the other
tells a page what proxies add. HAProxy and Caddy pass both on, as any method and any version 1.x; nginx any method in capitals. HAProxy and Caddy also pass URLs of other hosts and
schemes, nginx URLs of other hosts. nginx answers HTTP/0.9, in which there is no status. nginx and Caddy look into paths and refuse some percent encodings, or write others; the edge passes them
as they came, since the app decides. Caddy refuses two spaces where nginx, HAProxy and the edge (RFC 9112, 3) make one of them. \`OPTIONS *\` does not pass nginx, and Caddy answers it itself;
HAProxy passes a URL on as it came, and refuses one with a query and no path; neither it nor nginx tells the upstream that a POST without
body has none; a fragment is no part of a target, and dropped or passed on by others.`,
    cases: /tab for the space|HTTP\/|version|preface|hello|greeting|CONNECT|TRACE|method|target|\bURL\b|path|OPTIONS|percent|query|slash|asterisk|encoded bytes|characters that|^(?:PUT|PATCH|DELETE|PROPFIND|QUERY) with a body|POST without a body says|HTTP\/1\.0/,
  },
  {
    title: 'Fields',
    text: `The edge refuses what RFC 9110 (5.5) and RFC 9112 (5) do not have: folded lines, bare line feeds, control characters, fields without name or colon. The three take bare line feeds; nginx and
HAProxy control characters; nginx a field without colon, which it drops; HAProxy and Caddy folded lines; Caddy a field without name. Caddy refuses the empty line before a request that RFC 9112 (2.2) asks to be skipped,
writes names in its own case and order, which means the same, and nginx drops names with signs that it does not know.`,
    cases: /field|name|line feed|carriage return|NUL in|control character|DEL in|empty line|value|bare/,
  },
  {
    title: 'Clients that go',
    text: `A client that ends its way while its answer is waited for has gone, to the edge and to nginx, and the upstream's connection is cut; HAProxy goes on, and Caddy sends what is ready. (A client that waits with its way closed is
rare; a tab that was closed while a page is made is not.) In the middle of a body the edge answers 400, for a client that still listens; nginx and HAProxy close, Caddy passes on what the upstream says to half a body.
What stands behind a refused request is not heard by the edge.`,
    cases: /^a client that|refused request|malformed (?:request|body)/,
  },
]
