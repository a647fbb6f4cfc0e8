# docs/operations.md tells how to run it, and how this file was checked.

FROM python:3.11.14-slim-bookworm AS builder

ENV UV_PROJECT_ENVIRONMENT=/opt/onrecord \
    UV_PYTHON_DOWNLOADS=never \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy

WORKDIR /src

COPY .ci/get_uv.py .ci/uv.txt .ci/
RUN ["python", ".ci/get_uv.py", "/usr/local/bin"]

# The dependencies change less often than the code: a layer of their own.
COPY pyproject.toml uv.lock ./
RUN ["uv", "sync", "--frozen", "--no-dev", "--no-install-project"]

COPY README.md LICENSE ./
COPY app app
COPY migrations migrations
COPY seed seed
RUN ["uv", "sync", "--frozen", "--no-dev", "--no-editable"]


FROM python:3.11.14-slim-bookworm

LABEL org.opencontainers.image.title="On Record" \
      org.opencontainers.image.description="A REST API of structured news facts, each with the words that prove it." \
      org.opencontainers.image.licenses="Apache-2.0"

RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin onrecord \
    && install --directory --owner=onrecord --group=onrecord /data

COPY --from=builder /opt/onrecord /opt/onrecord

# HOST: inside a container every address is the container's own. LOAD_SEED=1 loads the seed.
ENV PATH=/opt/onrecord/bin:$PATH \
    DATABASE_URL=sqlite:////data/onrecord.db \
    HOST=0.0.0.0 \
    PORT=8000 \
    LOAD_SEED=

USER 10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["onrecord", "check"]

CMD ["sh", "-euc", "onrecord db upgrade; [ -z \"$LOAD_SEED\" ] || onrecord seed; exec onrecord serve"]
