# The production image of expire-carts. From the root of the repository, with BuildKit:
#   docker build --file apps/worker/expire-carts.Dockerfile --tag expire-carts .
# Behind a proxy that has certificates of its own: --secret id=ca,src=/etc/ssl/certs/ca-certificates.crt

# What it is built on: any image with a shell, Node and npm. Pin it by digest for builds that never change by themselves.
ARG NODE_BASE=node:24-bookworm-slim
# What it runs on: any image with Node in /usr/local/bin or /nodejs/bin. This one has no shell and no package manager.
ARG RUNTIME_BASE=gcr.io/distroless/nodejs24-debian12:nonroot

# The tools of the build; none of them is in the image.
FROM ${NODE_BASE} AS tools
ENV PATH=/tools/node_modules/.bin:${PATH} \
    CI=true \
    NEXT_TELEMETRY_DISABLED=1 \
    TURBO_TELEMETRY_DISABLED=1 \
    TURBO_CACHE_DIR=/cache/turbo \
    pnpm_config_pm_on_fail=ignore \
    pnpm_config_verify_deps_before_run=false
WORKDIR /repository
RUN --mount=type=secret,id=ca \
    --mount=type=cache,id=npm,target=/root/.npm \
    [ ! -s /run/secrets/ca ] || export NODE_EXTRA_CA_CERTS=/run/secrets/ca; \
    npm install --no-audit --no-fund --prefix /tools pnpm@12.21.0 turbo@2.11.11

# Only @storefront/worker and what it depends on, and what the root has of its own: a change elsewhere does not reach the stages below.
FROM tools AS pruned
RUN --mount=type=bind,target=/repository,rw \
    turbo prune @storefront/worker --docker --out-dir /pruned && \
    cp -a .node-version tsconfig.base.json /pruned/full/

# What finds the files that the programs reach, when all is built.
FROM tools AS gather
WORKDIR /gather
RUN --mount=type=secret,id=ca \
    --mount=type=cache,id=pnpm-store,target=/cache/pnpm \
    [ ! -s /run/secrets/ca ] || export NODE_EXTRA_CA_CERTS=/run/secrets/ca; \
    pnpm add --store-dir=/cache/pnpm --cache-dir=/cache/pnpm/registry --package-import-method=copy @vercel/nft@1.11.5
COPY docker/production-files.mjs ./

FROM tools AS build
# The manifests first, so that packages are installed anew only when one of them has changed.
COPY --from=pruned /pruned/json/ ./
RUN --mount=type=secret,id=ca \
    --mount=type=cache,id=pnpm-store,target=/cache/pnpm \
    [ ! -s /run/secrets/ca ] || export NODE_EXTRA_CA_CERTS=/run/secrets/ca; \
    pnpm install --frozen-lockfile --store-dir=/cache/pnpm --cache-dir=/cache/pnpm/registry --package-import-method=copy
COPY --from=gather /gather/ /gather/
COPY --from=pruned /pruned/full/ ./
# What the build may see and the image must not hold comes as a file of lines NAME='value': --secret id=env,src=…
# (for Turborepo's remote cache: TURBO_TOKEN and TURBO_TEAM). A secret alone makes no build anew; another value here does.
ARG ENVIRONMENT_DIGEST
# Then only the files that the programs reach are put together, in the places where they lie in the repository, with times that
# follow from their content: the same files make the same layer.
RUN --mount=type=secret,id=ca \
    --mount=type=secret,id=env \
    --mount=type=cache,id=turbo,target=/cache/turbo \
    --mount=type=cache,id=traces,target=/cache/traces \
    [ ! -s /run/secrets/ca ] || export NODE_EXTRA_CA_CERTS=/run/secrets/ca; \
    ( [ ! -s /run/secrets/env ] || { set -a; . /run/secrets/env; set +a; }; \
      pnpm turbo run build --filter=@storefront/worker... ) && \
    node /gather/production-files.mjs /production /cache/traces apps/worker/dist/expire-carts.js

FROM ${RUNTIME_BASE}
# Any user but root: 1000:1000 is `node` in the images of that name.
ARG RUNTIME_USER=65532:65532
ENV PATH=/usr/local/sbin:/usr/local/bin:/nodejs/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    NODE_ENV=production \
    HOSTNAME=0.0.0.0
# The packages and the repository's own: two layers, because a change of code leaves the first and larger one as it is.
COPY --from=build /production/installed/ /
COPY --from=build /production/built/ /
WORKDIR /app
USER ${RUNTIME_USER}
STOPSIGNAL SIGTERM
# Node is the first process and gets every signal. If it starts processes of its own, run it with an init: docker run --init.
ENTRYPOINT []
CMD ["node","apps/worker/dist/expire-carts.js"]
ARG REVISION=unknown
LABEL org.opencontainers.image.title="expire-carts" \
      org.opencontainers.image.revision=${REVISION}
