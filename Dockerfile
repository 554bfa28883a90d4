FROM node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d AS base
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

# Compiles src/ and packages/embedded-mongo/ to dist/. No package needs its install script: what is native comes prebuilt.
FROM base AS build
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY packages/embedded-mongo/src packages/embedded-mongo/src
RUN npm run build

# What the app needs to run, and nothing else.
FROM base AS packages
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
    && find node_modules -name '*.map' -delete

FROM node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d
ENV NODE_ENV=production \
    DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
# For the embedded store, if MONGODB_URI is not set: mount a volume here. Nothing else is ever written.
RUN install -d -o node -g node -m 700 /data
# The user `node`, by number, so that an orchestrator can see that it is not root.
USER 1000:1000
EXPOSE 3000
# Alive, not ready: a database that is away is no reason to restart the app.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Not npm, which would stand between the app and its signals.
# A young generation in which a second of alerts has room, so that fewer of them have to be kept; one helper for the
# garbage collector, since several crowd out the app where cores are few; and an old generation that may grow to three
# times of what lives in it before it is collected, since that holds up alerts (bench/README.md).
CMD ["node", "--max-semi-space-size=32", "--v8-pool-size=1", "--heap-growing-percent=200", "dist/src/main.js"]
