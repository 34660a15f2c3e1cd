/** Every address of the console, so that none is spelt twice. */
export const paths = {
  overview: '/',
  signIn: '/sign-in',
  join: (code: string) => `/join/${encodeURIComponent(code)}` as const,
  people: '/people',
  tokens: '/tokens',
  account: '/account',
  audit: '/audit',
  notifications: '/notifications',
  app: (app: string) => `/apps/${encodeURIComponent(app)}` as const,
  success: (app: string) => `/apps/${encodeURIComponent(app)}/success` as const,
  github: (app: string) => `/apps/${encodeURIComponent(app)}/github` as const,
  logs: (app: string) => `/apps/${encodeURIComponent(app)}/logs` as const,
  release: (app: string, release: number) => `/apps/${encodeURIComponent(app)}/releases/${release}` as const,
  verification: (app: string, id: string) => `/apps/${encodeURIComponent(app)}/verifications/${encodeURIComponent(id)}` as const,
  evidence: (app: string, id: string, file: string) => `/apps/${encodeURIComponent(app)}/verifications/${encodeURIComponent(id)}/evidence?file=${encodeURIComponent(file)}` as const,
  releaseEvents: (app: string, release: number) => `/apps/${encodeURIComponent(app)}/releases/${release}/events` as const,
}
