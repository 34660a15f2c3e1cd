import { isPublic, type Address } from '@plimsoll/model'
import type { AppCopy } from '../../rehearsal/rehearsal.ts'

/** Which addresses are the app's own, and where a copy of it answers for them. */
export interface OwnAddresses {
  /** The service behind a URL; undefined for one that is not the app's. */
  serviceAt(url: string): string | undefined
  /** The same resource as this copy serves it; undefined for a URL that is not the app's. */
  here(url: string): string | undefined
  /** For Chromium's `--host-resolver-rules`: what is the app's own leads to the copy, and everything else nowhere, whatever it is called. */
  readonly resolverRules: string
}

interface Own {
  readonly service: string
  readonly origin: string
  readonly address: Address
}

export function ownAddresses(copy: Pick<AppCopy, 'units' | 'url' | 'publicAddresses'>): OwnAddresses {
  const open = copy.units.filter(({ spec }) => isPublic(spec.kind)).flatMap(({ spec: { service } }) => {
    const url = copy.url(service)
    return url === undefined ? [] : [{ service, origin: new URL(url).origin, address: { host: '127.0.0.1', port: Number(new URL(url).port) } }]
  })
  const own = new Map<string, Own>(open.flatMap((each) => [`localhost:${each.address.port}`, `127.0.0.1:${each.address.port}`].map((name): [string, Own] => [name, each])))
  for (const [name, address] of copy.publicAddresses) {
    const behind = open.find((each) => each.address.port === address.port)
    if (behind !== undefined) own.set(name, { ...behind, address })
  }
  const find = (url: string): Own | undefined => (URL.canParse(url) ? own.get(nameOf(new URL(url))) : undefined)
  const rules = [...own].map(([name, { address }]) => `MAP ${name} ${address.host}:${address.port}`)
  return {
    serviceAt: (url) => find(url)?.service,
    here(url) {
      const { pathname, search } = new URL(url)
      const origin = find(url)?.origin
      return origin === undefined ? undefined : `${origin}${pathname}${search}`
    },
    // The first rule that fits is taken. Addresses given as numbers go through these rules as well.
    resolverRules: [...rules, 'MAP * ~NOTFOUND'].join(', '),
  }
}

function nameOf({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' || protocol === 'wss:' ? '443' : '80')}`
}

/** Whether nobody outside of one machine or one network could mean the same by it: `localhost`, a private address, a name without a dot. */
export function isOnlyHere(url: string): boolean {
  const host = new URL(url).hostname
  if (host.startsWith('[')) return /^\[(?:::1?\]|f[cd]|fe80)/.test(host)
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return /^(?:0|127|10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\./.test(host)
  return !host.includes('.') || /\.(?:localhost|local|internal)$/.test(host)
}
