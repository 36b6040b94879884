# One image, several commands: `mailing api`, `mailing worker`, `mailing scheduler`, `mailing migrate` and the rest.
# docs/docker.md says how to build and run it.

# Pinned by what is in them; the tags are for people. Node.js builds the pages and goes no further.
ARG NODE=node:24.21.0-trixie-slim@sha256:173f125896c3b47ddf056734c7ea789d04595a6a08769a8f78e0df642781fb66
# Python 3.11, as for the tests and for the figures in docs/.
ARG PYTHON=python:3.11.16-slim-trixie@sha256:da047cb8f9d1d98e5c070f5300ba9f7274e33b8fc0e5be5ed88740aed1b95ba9

# --- The pages: the admin UI and GraphiQL ---
FROM ${NODE} AS pages
WORKDIR /build/web
# What is installed changes less often than what is built: a layer of its own.
COPY web/package.json web/package-lock.json web/.npmrc ./
COPY web/admin/package.json admin/
COPY web/graphiql/package.json graphiql/
RUN npm ci --no-progress --loglevel=error
COPY schema.graphql ../
COPY web/ ./
RUN npm run --silent build

# --- The wheel, and the environment that it runs in ---
FROM ${PYTHON} AS environment
WORKDIR /build
COPY requirements-build.lock requirements-service.lock ./
# Wheels alone, so that no compiler is needed; compiled to byte code here, for the image is read-only when it runs.
RUN pip install --disable-pip-version-check --no-cache-dir --require-hashes --requirement requirements-build.lock \
    && uv venv --no-python-downloads /opt/mailing \
    && uv pip install --python /opt/mailing/bin/python --compile-bytecode --link-mode copy --only-binary :all: \
        --no-deps --require-hashes --requirement requirements-service.lock
COPY pyproject.toml hatch_build.py README.md LICENSE schema.graphql ./
COPY mailing/ mailing/
COPY gql_api/ gql_api/
COPY tasks/ tasks/
COPY --from=pages /build/gql_api/ui/bundle/ gql_api/ui/bundle/
COPY --from=pages /build/gql_api/docs/bundle/ gql_api/docs/bundle/
# The pages of a cached layer are older than the files beside them; touched, they pass for what they are: built from
# these sources.
RUN touch gql_api/ui/bundle/index.html gql_api/docs/bundle/index.html \
    && hatchling build --target wheel --directory dist \
    && uv pip install --python /opt/mailing/bin/python --compile-bytecode --link-mode copy --no-deps --no-index \
        dist/mailing_service-*.whl

# --- What runs ---
FROM ${PYTHON} AS runtime
ARG VERSION=development
ARG REVISION=unknown
LABEL org.opencontainers.image.title="mailing" \
    org.opencontainers.image.description="Texts a company's customers through an outside SMS provider, loses nothing, and knows what happened to every message." \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
# Nothing is installed where it runs: who gets in finds no package manager of Python's, nor the copy of pip that Python
# keeps to install it anew.
RUN groupadd --gid 10001 mailing \
    && useradd --uid 10001 --gid mailing --no-create-home --home-dir / --shell /usr/sbin/nologin mailing \
    && python -m pip uninstall --yes --root-user-action=ignore setuptools wheel pip \
    && rm -rf /usr/local/lib/python3.*/ensurepip
COPY --from=environment /opt/mailing/ /opt/mailing/
# Each process shows whether it lives, and its metrics, on a port that nobody outside reaches unless it is published.
ENV PATH=/opt/mailing/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MAILING_METRICS_HOST=0.0.0.0 \
    MAILING_METRICS_PORT=9100
# A number, so that Kubernetes can see that it is not root.
USER 10001:10001
WORKDIR /
EXPOSE 8000 9100
# The same for api, worker and scheduler. What runs once and ends (migrate, import) is over before it is asked.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["mailing", "healthy"]
ENTRYPOINT ["mailing"]
CMD ["--help"]
