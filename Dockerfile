# The api and the projector from one image; which one is said by the command.
ARG NODE_IMAGE=node:22-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY apps apps
COPY libs libs
COPY test test
# What only tests need stays behind.
RUN npm run build \
 && rm -rf dist/test \
 && find dist \( -name '*.spec.*' -o -name testing -o -name contract \) -prune -exec rm -rf {} +

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM ${NODE_IMAGE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /build/dist dist
COPY package.json LICENSE ./
# For the embedded engines; a volume that is mounted here takes over its owner.
RUN install --directory --owner=node --group=node --mode=700 /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=6 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=64", "--single-threaded-gc", "dist/apps/api/main.js"]
