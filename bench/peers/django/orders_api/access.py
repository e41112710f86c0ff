"""Bearer keys: looked up by their public part in a table of hashes at every request, compared in constant time."""

import hashlib
import hmac

from django.conf import settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated

from orders_api.models import Key

KEYS = Key.objects.using(settings.KEYS_DATABASE).values_list("secret_hash", "account")


class Account:
    """Who calls. DRF asks of a user only whether it is one."""

    __slots__ = ("id",)
    is_authenticated = True

    def __init__(self, account_id):
        self.id = account_id


class KeyAuthentication(BaseAuthentication):
    def authenticate(self, request):
        header = request.META.get("HTTP_AUTHORIZATION")
        if not header:
            raise NotAuthenticated()
        scheme, _, token = header.partition(" ")
        parts = token.split("_")
        if scheme.lower() != "bearer" or len(parts) != 3:
            raise AuthenticationFailed()
        found = next(iter(KEYS.filter(id=parts[1], revoked=False)), None)
        if found is None:
            raise AuthenticationFailed()
        given = hashlib.blake2b(parts[2].encode(), digest_size=32).digest()
        if not hmac.compare_digest(given, bytes(found[0])):
            raise AuthenticationFailed()
        return Account(found[1]), token

    def authenticate_header(self, request):
        return "Bearer"
