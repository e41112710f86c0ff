import os

from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orders_api.settings")


def tune(sender, connection, **_):
    """The page cache and the mapping that Portico gives its connections too."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size = -65536")
        cursor.execute("PRAGMA mmap_size = 2147483648")
        cursor.execute("PRAGMA query_only = ON")


def texts_as_they_are():
    """PostgreSQL's timestamps, dates and json stay the texts that they come as: the representation makes of them what it
    shows, without a datetime or a document for each cell."""
    import psycopg2.extensions as psycopg

    timestamptz, date, json = 1184, 1082, 114
    for oid in (timestamptz, date, json):
        psycopg.register_type(psycopg.new_type((oid,), f"TEXT_{oid}", psycopg.UNICODE))


if os.environ.get("BENCH_STORE") == "postgres":
    texts_as_they_are()
else:
    connection_created.connect(tune)
application = get_wsgi_application()
