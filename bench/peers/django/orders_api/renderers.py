"""JSON by ujson, Debian's fastest encoder for Python, and negotiation by one look into a table."""

import ujson
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data, accepted_media_type=None, renderer_context=None):
        if data is None:
            return b""
        return ujson.dumps(data, ensure_ascii=False, escape_forward_slashes=False).encode()


ACCEPTED = {None, "*/*", "application/json", "application/vnd.aplazame.v4+json", "application/vnd.aplazame+json"}


class Negotiation(BaseContentNegotiation):
    def select_parser(self, request, parsers):
        return parsers[0] if parsers else None

    def select_renderer(self, request, renderers, format_suffix=None):
        if request.META.get("HTTP_ACCEPT") not in ACCEPTED:
            raise NotAcceptable(available_renderers=renderers)
        return renderers[0], "application/json; charset=utf-8"
