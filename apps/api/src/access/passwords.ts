import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'

/** N = 2^15, r = 8, p = 3: 32 MiB and some 150 ms each, one of the settings that OWASP's Password Storage Cheat Sheet calls equal to its first. */
const cost = { N: 2 ** 15, r: 8, p: 3 } as const
const keyBytes = 32

/** `scrypt$N$r$p$salt$key`: whoever checks it needs to know nothing else, also after the cost was raised. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Whether it is the password of which `hash` was made. For nobody's hash it takes as long, and is false. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, n, r, p, salt = '', wanted = ''] = (hash ?? nobodys).split('$')
  const key = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(n), r: Number(r), p: Number(p) })
  return timingSafeEqual(key, Buffer.from(wanted, 'base64url')) && hash !== undefined
}

/** So that a name that nobody has takes as long as one that somebody has. */
const nobodys = ['scrypt', cost.N, cost.r, cost.p, Buffer.alloc(16).toString('base64url'), Buffer.alloc(keyBytes).toString('base64url')].join('$')

/** One at a time: each takes 32 MiB, and whoever asks for many at once is not to get them. */
let turn: Promise<unknown> = Promise.resolve()

function derive(password: string, salt: Buffer, { N, r, p }: { readonly N: number; readonly r: number; readonly p: number }): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: 2 * 128 * N * r }
  const work = (): Promise<Buffer> => new Promise((resolve, reject) => scrypt(password.normalize('NFKC'), salt, keyBytes, options, (error, key) => (error === null ? resolve(key) : reject(error))))
  const mine = turn.then(work)
  turn = mine.catch(() => undefined) // Whoever asked gets the error.
  return mine
}
