import { createPublicKey, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto'

/** A private key and the certificate that shows its public half, as PEM. */
export interface KeyPair {
  readonly key: string
  readonly certificate: string
}

/**
 * Makes a key (Ed25519) and a certificate that it signs itself. It names nobody and never expires (RFC 5280, 4.1.2.5): whoever
 * trusts it has the very certificate, and compares.
 */
export function selfSigned(commonName: string): KeyPair {
  const { privateKey } = generateKeyPairSync('ed25519')
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const name = sequence(set(sequence(objectId(commonNameId), text(commonName))))
  const content = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    signatureAlgorithm,
    name,
    sequence(time(0x17, '200101000000Z'), time(0x18, '99991231235959Z')),
    name,
    publicKey,
  )
  const certificate = sequence(content, signatureAlgorithm, bitString(sign(null, content, privateKey)))
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), certificate: new X509Certificate(certificate).toString() }
}

/** 2.5.4.3 and 1.3.101.112, as DER has them. */
const [commonNameId, ed25519Id] = ['550403', '2b6570']
const signatureAlgorithm = sequence(objectId(ed25519Id))

/** Positive, and of the same length always: RFC 5280, 4.1.2.2. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0] ?? 0) & 0x3f | 0x40
  return bytes
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts))
}

function set(...parts: readonly Buffer[]): Buffer {
  return tagged(0x31, Buffer.concat(parts))
}

function explicit(tag: number, part: Buffer): Buffer {
  return tagged(0xa0 + tag, part)
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes)
}

function objectId(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'))
}

function text(value: string): Buffer {
  return tagged(0x0c, Buffer.from(value, 'utf8'))
}

/** With two digits of the year up to 2049, with four after that: RFC 5280, 4.1.2.5. */
function time(tag: 0x17 | 0x18, value: string): Buffer {
  return tagged(tag, Buffer.from(value, 'latin1'))
}

function bitString(bytes: Buffer): Buffer {
  return tagged(0x03, Buffer.concat([Buffer.from([0]), bytes]))
}

function tagged(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content)]), content])
}

/** X.690, 8.1.3: short below 128, else the number of bytes that follow. */
function lengthOf({ length }: Buffer): number[] {
  if (length < 0x80) return [length]
  const bytes = length < 0x100 ? [length] : [length >> 8, length & 0xff]
  return [0x80 + bytes.length, ...bytes]
}
