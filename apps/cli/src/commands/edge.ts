import { contract, PlimsollError } from '@plimsoll/model'
import { Option, type Command } from 'commander'
import { requireApi } from '../connect.ts'
import { caddyFile } from '../front/caddy-file.ts'
import { frontSites, type FrontWish } from '../front/front-site.ts'
import { nginxFile } from '../front/nginx-file.ts'
import type { Session } from '../session.ts'

/** What can stand in front, and how its configuration is written. */
const fronts: Readonly<Record<string, (wish: FrontWish) => string>> = { caddy: caddyFile, nginx: nginxFile }

interface FrontOptions {
  readonly server: string
  readonly internalTls: boolean
}

export function addEdge(program: Command, session: Session): void {
  const edge = program.command('edge').summary('what stands before the edge').description('The edge takes requests on this machine only. TLS and HTTP/2 are spoken by a server in front of it.')
  edge.command('front').summary('write the configuration of a TLS front')
    .description('Prints the configuration of a server that takes TLS for every domain of the Blueprints that are live, and hands it to the edge.\nIt is made once: no release changes it. Put it where your server reads it: plimsoll edge front > /etc/caddy/Caddyfile')
    .addOption(new Option('--server <name>', 'the server that it is for').choices(Object.keys(fronts)).default('caddy'))
    .option('--internal-tls', 'let Caddy make certificates of its own, for a machine that the internet cannot reach', false)
    .action(async ({ server, internalTls }: FrontOptions) => {
      const client = await requireApi(session)
      const sites = frontSites(await client.call(contract.listApps, {}))
      if (sites.length === 0) {
        throw new PlimsollError('NOT_FOUND', 'No live service has a domain of its own', { hint: 'Give it one in render.yaml, as in domains: [shop.example.com], and release it: plimsoll up' })
      }
      session.out.write(fronts[server]?.({ sites, internalTls }) ?? '')
    })
}
