import type { Service } from '../peers/storefront-at.ts'

/** A way to make an image of a service. */
export interface Way {
  readonly name: string
  /** The Dockerfile, with the repository's root for its context. `own` is the one that lies in the storefront. */
  dockerfile(service: Service, own: (service: Service) => string): string
  /** Where it runs, for what it adds to that. */
  readonly base: 'slim' | 'minimal'
}

const programs: Readonly<Record<Service, string>> = { api: 'dist/main.js', web: '.next/standalone/apps/web/server.js' }

/** As `plimsoll init --docker` writes it. */
export const written: Way = { name: 'Plimsoll', base: 'minimal', dockerfile: (service, own) => own(service) }

/** The same without anything that outlives a build but its layers. */
export const writtenWithoutMounts: Way = { name: 'Plimsoll, no cache mounts', base: 'minimal', dockerfile: (service, own) => own(service).replaceAll(/^( *)(RUN )?--mount=type=cache,\S+ \\\n/gm, (_, indent: string, run = '') => `${indent}${run === '' ? '' : 'RUN \\\n'}`) }

/** One stage, everything in it. */
export const oneStage: Way = {
  name: 'one stage, pnpm start',
  base: 'slim',
  dockerfile: (service) => `ARG NODE_BASE
FROM \${NODE_BASE}
WORKDIR /app
RUN npm install --global pnpm@12.21.0
COPY . .
RUN pnpm install --frozen-lockfile
RUN pnpm turbo run build --filter=@storefront/${service}...
ENV NODE_ENV=production HOSTNAME=0.0.0.0 PORT=3000
CMD ["pnpm", "--filter", "@storefront/${service}", "start"]
`,
}

/** The pattern of Turborepo's guide to Docker: prune, install, build, and a runner; no cache mounts. The account is a number here, as not every base has the tools to make one. */
export const turboGuide: Way = {
  name: "Turborepo's guide",
  base: 'slim',
  dockerfile: (service) => `ARG NODE_BASE
FROM \${NODE_BASE} AS base
RUN npm install --global pnpm@12.21.0 turbo@2.11.11

FROM base AS prepare
WORKDIR /app
COPY . .
RUN turbo prune @storefront/${service} --docker

FROM base AS builder
WORKDIR /app
COPY --from=prepare /app/out/json/ .
RUN pnpm install --frozen-lockfile
COPY --from=prepare /app/out/full/ .
COPY tsconfig.base.json .node-version ./
RUN turbo run build --filter=@storefront/${service}...

FROM \${NODE_BASE} AS runner
WORKDIR /app
USER 1001:1001
${service === 'web' ? `COPY --from=builder --chown=1001:1001 /app/apps/web/.next/standalone ./
COPY --from=builder --chown=1001:1001 /app/apps/web/.next/static ./apps/web/.next/static
COPY --from=builder --chown=1001:1001 /app/apps/web/public ./apps/web/public` : 'COPY --from=builder /app .'}
ENV NODE_ENV=production HOSTNAME=0.0.0.0 PORT=3000
CMD ["node", "${service === 'web' ? 'apps/web/server.js' : 'apps/api/dist/main.js'}"]
`,
}

/** As buildpacks do it: build everything, then take a copy with production dependencies only. */
export const deployed: Way = {
  name: 'pnpm deploy --prod',
  base: 'slim',
  dockerfile: (service) => `ARG NODE_BASE
FROM \${NODE_BASE} AS builder
WORKDIR /app
RUN npm install --global pnpm@12.21.0
COPY . .
RUN pnpm install --frozen-lockfile
RUN pnpm turbo run build --filter=@storefront/${service}...
RUN pnpm --filter @storefront/${service} --prod --legacy deploy /deployed

FROM \${NODE_BASE}
WORKDIR /app
COPY --from=builder /deployed ./
ENV NODE_ENV=production HOSTNAME=0.0.0.0 PORT=3000
USER 1000
CMD ["node", "${programs[service]}"]
`,
}
