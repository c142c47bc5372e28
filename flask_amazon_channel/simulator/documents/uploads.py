"""Uploads of feed documents to pre-signed URLs, with the errors of S3."""

import hashlib
import hmac

from flask_amazon_channel.simulator.documents.downloads import refusal
from flask_amazon_channel.simulator.documents.storing import sign_upload
from flask_amazon_channel.simulator.wire.messages import Request, Response
from flask_amazon_channel.simulator.world import World

LARGEST = 100_000_000


def upload(world: World, request: Request) -> Response:
    """`PUT /documents/{id}?...`: no access token, only the signature and the content type count.

    Documented: an upload needs the content type that createFeedDocument was told.
    Assumed: another content type is answered by the storage with 403 SignatureDoesNotMatch.
    Assumed: until its URL expires a document can be uploaded again, and the last upload counts.
    Assumed: more than 100 MB are refused with 400 EntityTooLarge.
    """
    signed, _, signature = request.query.partition("&X-Amz-Signature=")
    expected = sign_upload(world, request.path, signed, request.headers.get("content-type", ""))
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        return refusal(403, "SignatureDoesNotMatch", "The request signature we calculated does not match.")
    if int(request.one("expires") or 0) <= world.now():
        return refusal(403, "AccessDenied", "Request has expired")
    document = world.state.documents.get(request.path.removeprefix("/documents/"))
    if document is None:
        return refusal(404, "NoSuchBucket", "The specified bucket does not exist")
    if len(request.body) > LARGEST:
        return refusal(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
    document.body, document.gzip, document.uploaded = request.body, False, True
    checksum = hashlib.md5(request.body, usedforsecurity=False).hexdigest()
    return Response(200, content_type="application/xml", headers={"ETag": f'"{checksum}"'})
