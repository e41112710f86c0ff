"""Settings for speed: nothing is installed, and nothing runs, that the two endpoints do not need."""

import os

_data = os.environ["BENCH_DATA"]  # the directory that Portico's --store names, or with BENCH_STORE=postgres a socket's

DEBUG = False
SECRET_KEY = "nothing here is signed"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["orders_api"]
MIDDLEWARE = ["orders_api.middleware.content_length"]
ROOT_URLCONF = "orders_api.urls"
USE_I18N = False
USE_L10N = False
USE_TZ = True
TIME_ZONE = "UTC"
LOGGING_CONFIG = None
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


POSTGRES = os.environ.get("BENCH_STORE") == "postgres"


def _sqlite(name):
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(_data, name), "CONN_MAX_AGE": None}


def _postgres():
    return {"ENGINE": "django.db.backends.postgresql", "HOST": _data, "PORT": os.environ["BENCH_PORT"],
            "NAME": os.environ["BENCH_DATABASE"], "USER": os.environ["BENCH_USER"], "CONN_MAX_AGE": None,
            "OPTIONS": {"options": "-c search_path=portico,bench -c jit=off -c default_transaction_read_only=on"}}


# The very rows that Portico reads, and keys like Portico's own, which bench/run makes: one connection on PostgreSQL.
if POSTGRES:
    DATABASES, KEYS_DATABASE = {"default": _postgres()}, "default"
else:
    DATABASES, KEYS_DATABASE = {"default": _sqlite("production.db"), "keys": _sqlite("peer-keys.db")}, "keys"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["orders_api.access.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_THROTTLE_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["orders_api.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "orders_api.renderers.Negotiation",
    "DEFAULT_PAGINATION_CLASS": "orders_api.pagination.CursorPages",
    "PAGE_SIZE": 25,
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
}
