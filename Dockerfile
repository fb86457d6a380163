# syntax=docker/dockerfile:1
# The service in production. Build: docker build --tag organizations . ; docs/operations.md, "Containers", says how to run it.

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY web/package.json web/
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Leaves out the console's packages, which the build has bundled, the embedded PostgreSQL, and the compilers and type
# declarations that only the build needs.
RUN npm ci --ignore-scripts --omit=dev --omit=optional --workspaces=false \
  && rm -rf node_modules/typescript node_modules/@swc node_modules/@swc-node node_modules/typeorm/browser node_modules/stripe/esm \
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.cts' -o -name '*.d.mts' \) -delete

FROM debian:bookworm-slim
# The certificates of public authorities, for AWS, Stripe and the identity provider, come with Node.
COPY --from=build /usr/local/bin/node /usr/local/bin/node
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin organizations
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY bin/require-build.js bin/sources.js bin/
COPY package.json LICENSE ./
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
USER 10001
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Runs what `npm start` runs, without npm between the signals and the process.
CMD ["node", "-r", "./bin/require-build.js", "--heap-growing-percent=50", "dist/src/main.js"]
