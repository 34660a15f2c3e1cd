/** Every address of the console, so that none is spelt twice. */
export const paths = {
  overview: '/',
  signIn: '/sign-in',
  /** The way out to the provider at which one can sign in. */
  provider: (wish: { readonly to?: string; readonly invitation?: string }) => `/sign-in/provider?${new URLSearchParams(wish)}` as const,
  join: (code: string) => `/join/${encodeURIComponent(code)}` as const,
  people: '/people',
  tokens: '/tokens',
  account: '/account',
  audit: '/audit',
  notifications: '/notifications',
  app: (app: string) => `/apps/${encodeURIComponent(app)}` as const,
  releases: (app: string, before?: number) => `/apps/${encodeURIComponent(app)}/releases${before === undefined ? '' : `?before=${before}`}` as const,
  verifications: (app: string, before?: string) => `/apps/${encodeURIComponent(app)}/verifications${before === undefined ? '' : `?before=${encodeURIComponent(before)}`}` as const,
  success: (app: string) => `/apps/${encodeURIComponent(app)}/success` as const,
  github: (app: string) => `/apps/${encodeURIComponent(app)}/github` as const,
  logs: (app: string) => `/apps/${encodeURIComponent(app)}/logs` as const,
  release: (app: string, release: number) => `/apps/${encodeURIComponent(app)}/releases/${release}` as const,
  verification: (app: string, id: string) => `/apps/${encodeURIComponent(app)}/verifications/${encodeURIComponent(id)}` as const,
  evidence: (app: string, id: string, file: string) => `/apps/${encodeURIComponent(app)}/verifications/${encodeURIComponent(id)}/evidence?file=${encodeURIComponent(file)}` as const,
  releaseEvents: (app: string, release: number) => `/apps/${encodeURIComponent(app)}/releases/${release}/events` as const,
}
