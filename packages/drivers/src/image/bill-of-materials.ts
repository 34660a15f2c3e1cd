import { createHash } from 'node:crypto'
import { readText, type SourceTree } from '@plimsoll/repository'
import { parse } from 'yaml'
import { z } from 'zod'
import type { InstalledPackage } from './read-image-files.ts'

export interface BillQuestion {
  readonly service: string
  /** Digest of the inputs; the bill of equal inputs is the same, byte for byte. */
  readonly inputs: string
  readonly commit: string | undefined
  readonly packages: readonly InstalledPackage[]
  readonly tree: SourceTree
}

const lockSchema = z.object({ packages: z.record(z.string(), z.object({ resolution: z.object({ integrity: z.string() }).partial() }).partial()).default({}) })

/** What an image is made of, as CycloneDX 1.6 in JSON: the packages that its files belong to, with the digests that the lockfile has of them. */
export async function billOfMaterials({ service, inputs, commit, packages, tree }: BillQuestion): Promise<string> {
  const digests = await lockedDigests(tree)
  const root = `service:${service}`
  const components = packages.map((one) => componentOf(one, digests.get(`${one.name}@${one.version}`)))
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(inputs)}`,
    version: 1,
    metadata: {
      tools: { components: [{ type: 'application', name: 'plimsoll' }] },
      component: { type: 'container', 'bom-ref': root, name: service, ...(commit !== undefined && { version: commit }), properties: [{ name: 'plimsoll:inputs', value: inputs }] },
    },
    components,
    dependencies: [{ ref: root, dependsOn: components.map((one) => one['bom-ref']) }],
  }
  return `${JSON.stringify(bill, null, 2)}\n`
}

function componentOf({ name, version, license }: InstalledPackage, sha512: string | undefined) {
  const [, scope, plain = name] = /^(@[^/]+)\/(.+)$/.exec(name) ?? []
  const purl = `pkg:npm/${scope === undefined ? '' : `${encodeURIComponent(scope)}/`}${plain}@${version}`
  return {
    type: 'library',
    'bom-ref': purl,
    ...(scope !== undefined && { group: scope }),
    name: plain,
    version,
    purl,
    // An SPDX expression, or the words of the package's author.
    ...(license !== undefined && license !== '' && { licenses: [{ license: { name: license } }] }),
    ...(sha512 !== undefined && { hashes: [{ alg: 'SHA-512', content: sha512 }] }),
  }
}

async function lockedDigests(tree: SourceTree): Promise<Map<string, string>> {
  const read = lockSchema.safeParse(parse((await readText(tree, 'pnpm-lock.yaml')) ?? '{}'))
  return new Map(Object.entries(read.data?.packages ?? {}).flatMap(([name, { resolution }]) => {
    const base64 = /^sha512-(.+)$/.exec(resolution?.integrity ?? '')?.[1]
    return base64 === undefined ? [] : [[name, Buffer.from(base64, 'base64').toString('hex')] as const]
  }))
}

/** A name-based UUID (version 8): the same for the same text. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
