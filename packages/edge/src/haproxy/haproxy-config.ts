import type { ClientLimits } from '../settings/client-limits.ts'
import type { HaproxyPaths } from './haproxy-paths.ts'

/** A socket that HAProxy is given when it starts. */
export interface HaproxyBind {
  readonly port: number
  readonly fd: number
}

export interface HaproxyPlan {
  readonly paths: HaproxyPaths
  readonly binds: readonly HaproxyBind[]
  /** The port where the Host header chooses the service. */
  readonly sharedPort: number | undefined
  readonly limits: Pick<ClientLimits, 'headersMs' | 'silenceMs' | 'idleMs' | 'connections' | 'headBytes'>
  /** Addresses and networks whose word about the client is believed on the shared port. */
  readonly trustedFronts: readonly string[]
  /** Whether it answers by itself only for as long as its edge has said: see `HaproxyTerm`. */
  readonly hasTerm: boolean
}

/** How many services can be answered without the edge at one time, of all releases that are live or not drained yet. */
export const laneNames: readonly string[] = Array.from({ length: 128 }, (_, index) => `lane${index}`)

/** The one entry of the map that says until when HAProxy answers by itself, in milliseconds since 1970. */
export const termKey = 'until'

/**
 * What HAProxy is started with. It names ports and nothing of apps: which service a port has, which release is live and where its
 * instances are comes over the runtime socket, so that a release never reloads it. With nothing told it sends every request
 * to the edge, which knows everything; what it is told are the exceptions.
 */
export function haproxyConfig(plan: HaproxyPlan): string {
  return [globalSection(plan), defaultsSection(plan), frontendSection(plan), edgeSection(plan), ...laneNames.map(laneSection)].join('\n')
}

function globalSection({ paths, limits }: HaproxyPlan): string {
  return `global
  stats socket ${paths.control} mode 600 level admin
  stats timeout 1m
  nbthread 1
  maxconn ${limits.connections}
  no strict-limits
  tune.bufsize ${limits.headBytes + 8_192}
  tune.maxrewrite 4096
  log ring@notes format raw local0

ring notes
  format raw
  maxlen 8192
  size 4194304
  timeout connect 1s
  timeout server 10s
  server edge unix@${paths.notes}
`
}

/** An answer that is long in coming and a quiet stream are not bounded: 24 days is the longest that HAProxy knows. */
function defaultsSection({ limits }: HaproxyPlan): string {
  return `defaults
  mode http
  timeout connect 5s
  timeout client ${limits.silenceMs}ms
  timeout server 24d
  timeout tunnel 24d
  timeout http-request ${limits.headersMs}ms
  timeout http-keep-alive ${limits.idleMs}ms
  option idle-close-on-response
  option dontlognull
`
}

/** What a client could say about itself, as apps read it; HAProxy has the names in lower case. */
const clientsOwnWords =
  '^(x[-_]forwarded.*|forwarded|x[-_]real[-_]ip|x[-_]client[-_]ip|x[-_]cluster[-_]client[-_]ip|true[-_]client[-_]ip|cf[-_]connecting[-_]ip|fastly[-_]client[-_]ip|x[-_]original[-_](url|host|uri)|x[-_]rewrite[-_]url|x_request_id)$'

/** Whether there may be one of them, in a text of all names. */
const anyOwnWord = 'forwarded|(real|client|connecting)[-_]ip|original|rewrite|x_request_id'

function frontendSection({ paths: { maps, term }, binds, sharedPort, trustedFronts, hasTerm }: HaproxyPlan): string {
  const fronts = trustedFronts.filter((front) => front !== 'unix')
  return `frontend entries
${binds.map(({ fd, port }) => `  bind fd@${fd} name p${port}`).join('\n')}
  log global
  log-format "${noteFormat}"

  acl on_shared_port dst_port ${sharedPort ?? 0}
  acl from_front src ${fronts.length === 0 ? '255.255.255.255' : fronts.join(' ')}
  acl local_name req.hdr(host),host_only -m reg -i ^(.*\\.)?localhost$
  http-request set-var(txn.client) src
  http-request set-var(txn.proto) str(http)
  http-request set-var(txn.believed) bool(true) if on_shared_port from_front !local_name
  http-request set-var(txn.proto) str(https) if { var(txn.believed) -m bool } { req.hdr(x-forwarded-proto) -m str https }
  http-request set-var(txn.path) path

  http-request set-var(txn.route) dst_port,map(${maps.ports}) if !on_shared_port
  http-request set-var(txn.route) req.hdr(host),host_only,lower,map(${maps.hosts}) if on_shared_port
  http-request set-var(txn.release) var(txn.route),field(1,/),map(${maps.live}) if { var(txn.route) -m found }
  http-request set-var(txn.unit) var(txn.route),concat(@,txn.release) if { var(txn.release) -m found }
  http-request set-var(txn.lane) var(txn.unit),map(${maps.lanes}) if { var(txn.unit) -m found }
  http-request set-var(txn.asset) var(txn.route),concat(:,txn.path),map_beg(${maps.assets}) if { var(txn.lane) -m found }
  http-request set-var(txn.client) req.hdr(x-forwarded-for,-1) if { var(txn.lane) -m found } { var(txn.believed) -m bool } { req.hdr(x-forwarded-for) -m found }

  http-request set-var(txn.names) req.hdr_names,lower if { var(txn.lane) -m found }
  acl asked_simply method GET HEAD OPTIONS
  acl one_host req.hdr_cnt(host) eq 1
${unusual.map((condition) => `  http-request unset-var(txn.lane) if ${condition}`).join('\n')}
  http-request unset-var(txn.lane) unless asked_simply one_host
${hasTerm ? withinTerm(term) : ''}
  http-request set-log-level silent unless { var(txn.lane) -m found }
  http-request set-header X-Forwarded-Port %[dst_port] unless { var(txn.lane) -m found }
  http-request add-header X-Forwarded-For %[src] unless { var(txn.lane) -m found }
  http-request set-header X-Forwarded-Proto %[var(txn.proto)] unless { var(txn.lane) -m found }

  http-request del-header ${clientsOwnWords} -m reg if { var(txn.lane) -m found } { var(txn.names) -m reg ${anyOwnWord} }
  http-request set-header X-Request-Id %[uuid] if { var(txn.lane) -m found } !{ req.hdr(x-request-id) -m reg ^[\\x21-\\x7e]{1,200}$ }
  http-request set-var(txn.id) req.hdr(x-request-id) if { var(txn.lane) -m found }
  http-request set-header X-Forwarded-For %[var(txn.client)] if { var(txn.lane) -m found }
  http-request set-header X-Real-Ip %[var(txn.client)] if { var(txn.lane) -m found }
  http-request set-header X-Forwarded-Proto %[var(txn.proto)] if { var(txn.lane) -m found }
  http-request set-header X-Forwarded-Host %[req.hdr(host)] if { var(txn.lane) -m found }

  use_backend %[var(txn.lane)] if { var(txn.lane) -m found }
  default_backend edge
`
}

/**
 * Names of fields that make a request one for the edge: they name a build, so that the request may belong to a release that is warm; they
 * announce a body, an upgrade or something about this connection alone. All names are looked at as one text: to look for each costs ten times that.
 */
const unusualNames = '(^|,)(x-deployment-id|content-length|transfer-encoding|expect|upgrade|te|trailer|keep-alive|http2-settings|proxy-[^,]*)(,|$)'

/** Each makes a request one for the edge. */
const unusual: readonly string[] = [
  `{ var(txn.names) -m reg ${unusualNames} } || { req.ver 1.0 }`,
  // A build is named here too, or a file that is kept.
  '{ url_param(dpl) -m found } || { var(txn.asset) -m found }',
  '{ req.hdr(accept) -m sub -i text/event-stream } || !{ url_beg / }',
  '{ req.hdr(connection) -m found } !{ req.hdr(connection) -m str -i keep-alive close }',
  '!{ req.hdr(host) -m reg -i ^([a-z0-9._-]+|\\[[0-9a-f:.]+\\])(:[0-9]{1,5})?$ }',
  // The last front of several stands behind another one, whose word only the edge weighs.
  '{ var(txn.believed) -m bool } { req.hdr_cnt(x-forwarded-for) gt 1 }',
]

/** By the clock of the machine, which goes on while HAProxy stands still; asked about after that, whoever has waited in its sockets is asked of the edge. */
function withinTerm(term: string): string {
  return `  http-request set-var(txn.until) str(${termKey}),map_str_int(${term}) if { var(txn.lane) -m found }
  http-request unset-var(txn.lane) unless { date(0,ms),sub(txn.until) lt 0 }
`
}

/** One line for each request that a lane answered; read by `readNote`. What a client wrote stands last and is escaped. */
const noteFormat = '%[var(txn.unit)] %ST %Tr %Tt %B %ts %rc %[var(txn.client)] %si:%sp %HM %[var(txn.id)] %{+Q}[var(txn.path)]'

/**
 * A connection for each request to the edge: a request that may not be repeated never meets a connection that is just being closed.
 * The heir of an edge that died has its socket; where there is none either, the next edge is waited for, 10 s long. Between two tries
 * HAProxy waits for as long as a connection may take, and one over a Unix socket takes no time.
 */
function edgeSection({ paths }: HaproxyPlan): string {
  return `backend edge
  http-reuse never
  option http-server-close
  timeout connect 50ms
  retries 200
  server edge unix@${paths.edge}
`
}

/** Only what is safe to repeat comes here, and only what was not answered at all is repeated. */
function laneSection(name: string): string {
  return `backend ${name}
  balance roundrobin
  http-reuse safe
  retries 2
  retry-on conn-failure empty-response
  option redispatch 1
  http-response del-header Keep-Alive
`
}
