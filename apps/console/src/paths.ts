/** Every address of the console, so that none is spelt twice. */
export const paths = {
  overview: '/',
  app: (app: string) => `/apps/${encodeURIComponent(app)}` as const,
  logs: (app: string) => `/apps/${encodeURIComponent(app)}/logs` as const,
  release: (app: string, release: number) => `/apps/${encodeURIComponent(app)}/releases/${release}` as const,
  releaseEvents: (app: string, release: number) => `/apps/${encodeURIComponent(app)}/releases/${release}/events` as const,
}
