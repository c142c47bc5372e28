"""Documents behind pre-signed URLs, with the errors of S3."""

import hmac

from flask_amazon_channel.simulator.documents.recipes import contents, zipped
from flask_amazon_channel.simulator.login.signing import sign
from flask_amazon_channel.simulator.product_types.documents import body_of
from flask_amazon_channel.simulator.wire.messages import Request, Response
from flask_amazon_channel.simulator.world import World


def download(world: World, request: Request) -> Response:
    """`GET /documents/{id}?...`: no access token, only the signature counts."""
    identifier = request.path.removeprefix("/documents/")
    document = world.state.documents.get(identifier)
    signed, _, signature = request.query.partition("&X-Amz-Signature=")
    if not hmac.compare_digest(sign(world, f"{request.path}?{signed}").encode(), signature.encode()):
        return refusal(403, "SignatureDoesNotMatch", "The request signature we calculated does not match.")
    if int(request.one("expires") or 0) <= world.now():
        return refusal(403, "AccessDenied", "Request has expired")
    if document is None and (schema := body_of(identifier)):
        return Response(200, schema)
    if document is None or not document.uploaded:
        return refusal(404, "NoSuchKey", "The specified key does not exist.")
    response = Response(200, document.body, document.content_type)
    if document.recipe is not None:
        pieces = contents(document.recipe)
        response.pieces = zipped(pieces) if document.gzip else pieces
    if document.gzip and request.one("encoding"):
        response.headers["Content-Encoding"] = "gzip"
    return response


def refusal(status: int, code: str, message: str) -> Response:
    error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{error}'
    return Response(status, body.encode(), "application/xml")
