# The app and the indexer; the engine is an image of its own (see docker-compose.yml).
FROM python:3.13.7-slim-bookworm AS packages
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r /tmp/base.txt

FROM python:3.13.7-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY mappings/ mappings/
COPY synonyms/ synonyms/
COPY funding/ funding/
COPY seats/ seats/
COPY alerts/ alerts/
COPY indexer/ indexer/
COPY search_app/ search_app/
COPY language/ language/
COPY engine/ engine/
COPY fixtures/ fixtures/
RUN useradd --system --uid 10001 --no-create-home boussole \
    && install --directory --owner=boussole /var/lib/boussole
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --retries=6 --start-period=10s CMD ["python", "-c", "import os, urllib.request as ask; ask.urlopen(f'http://127.0.0.1:{os.environ.get(\"BOUSSOLE_PORT\") or 8000}/readyz', timeout=5)"]
CMD ["python", "-m", "search_app"]
