FROM node:26-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run compile && npm run build:dashboard

FROM node:26-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

FROM node:26-slim
WORKDIR /app
ENV NODE_ENV=production

# Mount the raw days read-only at /data/incremental/raw, and a volume at /data/processed: the folder,
# never the one file, because the output is replaced by rename and its ledger lies beside it. The volume
# must allow hard links, and user 1000 (node) must be able to write to it; a new named volume takes its
# owner from the folder that is made here. A datasets file goes to /data, too: its paths begin there
# (-v "$PWD/daymark.yaml:/data/daymark.yaml:ro" -e DAYMARK_DATASETS=/data/daymark.yaml).
RUN mkdir -p /data/incremental/raw /data/processed && chown -R node:node /data

# In a container the service is reached from outside only when it binds beyond loopback, and that it does
# only with a token, which you give it:
#   docker run -p 127.0.0.1:3000:3000 -e DAYMARK_HOST=0.0.0.0 -e DAYMARK_OPERATE_TOKEN=… \
#     -v "$PWD/data/incremental/raw:/data/incremental/raw:ro" -v daymark-processed:/data/processed daymark
EXPOSE 3000

COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY openapi ./openapi
# `docker exec CONTAINER daymark status`
RUN ln -s /app/dist/cli/main.js /usr/local/bin/daymark

# The defaults, data/incremental/raw and data/processed, are below /data from here.
WORKDIR /
USER node

# By TLS where it is spoken; the certificate is for other names than 127.0.0.1, and is not looked at.
# Liveness only: a container is not to be restarted because Redis or the raw root is away.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "const { DAYMARK_TLS_CERT_FILE: tls, DAYMARK_PORT: port } = process.env; require(tls ? 'https' : 'http').get({ host: '127.0.0.1', port: port || 3000, path: '/health/live', rejectUnauthorized: false, timeout: 4000 }, (answer) => process.exit(answer.statusCode === 200 ? 0 : 1)).on('timeout', () => process.exit(1)).on('error', () => process.exit(1))"]

# An orderly stop takes up to DAYMARK_SHUTDOWN_TIMEOUT_MS (10 s); give `docker stop -t` a little more.
STOPSIGNAL SIGTERM
# Exec form: node itself is sent the signal, not a shell around it.
CMD ["node", "/app/dist/main.js"]
