# The production image: no Node, no compiler and no test tool in it. docker-compose.yml starts three of it.

FROM node:22-bookworm-slim AS front
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --ignore-scripts

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt ./
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY . .
COPY --from=front /app/node_modules ./node_modules
RUN python scripts/vendor.py && rm -r node_modules
# The settings want their secrets even to collect files; these end with this build step.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    AUDIT_SIGNING_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    VAR_DIR=/tmp/var STATIC_ROOT=/app/collected /venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-liberation libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 1000 --home-dir /app gatehouse \
    && install -d -o gatehouse -m 700 /var/lib/gatehouse /var/lib/gatehouse/audit-heads
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER gatehouse
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 PORT=8000 VAR_DIR=/var/lib/gatehouse STATIC_ROOT=/app/collected
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.py", "config.wsgi"]
