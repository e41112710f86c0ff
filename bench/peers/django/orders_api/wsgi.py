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


connection_created.connect(tune)
application = get_wsgi_application()
