"""Uploads 2020-11-01: a place for a file that goes with a message.

Documented: A place takes the file with the checksum that was told.
Assumed: A place lives for five minutes, as other pre-signed addresses of Amazon's do.
Assumed: The checksum is the MD5 digest as base64 or as hexadecimal text.
Assumed: Places exist for messages to buyers and for A+ content, and nothing else.
Assumed: A file with another checksum is answered with 400 BadDigest, and one after five minutes with 403.
"""

import base64
import binascii
import hashlib
import hmac
import re

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.documents.downloads import refusal
from flask_amazon_channel.simulator.login.signing import sign
from flask_amazon_channel.simulator.state.messages import UploadDestination
from flask_amazon_channel.simulator.wire.messages import Request, Response, json_response
from flask_amazon_channel.simulator.world import World

PATH = "/upload-destinations/"
LIFETIME = 300
LARGEST = 10_000_000
_RESOURCE = re.compile(r"messaging/v1/orders/\d{3}-\d{7}-\d{7}/messages/\w+|aplus/2020-11-01/contentDocuments")


@answers("createUploadDestinationForResource", bad="InvalidInput", missing="NotFound")
def create_upload_destination(call: Call) -> Response:
    ids, resource = call.request.many("marketplaceIds"), call.path["resource"].strip("/")
    if len(ids) != 1:
        raise call.bad_request("marketplaceIds must hold one id.")
    call.marketplaces(ids)
    if not _RESOURCE.fullmatch(resource):
        raise call.bad_request(f"There are no upload destinations for {resource}.")
    text = call.request.one("contentMD5") or ""
    md5 = _digest(text)
    if md5 is None:
        raise call.bad_request("contentMD5 is missing or no MD5 hash.")
    world = call.world
    content_type = call.request.one("contentType") or ""
    place = UploadDestination(f"sc/{world.hex_id('upload')}", call.seller.id, resource, md5, content_type, world.now())
    world.state.uploads[place.id] = place
    headers = {"Content-MD5": base64.b64encode(bytes.fromhex(md5)).decode()}
    if content_type:
        headers["Content-Type"] = content_type
    payload = {"uploadDestinationId": place.id, "url": _url(world, place), "headers": headers}
    return json_response({"payload": payload}, 201)


def _digest(text: str) -> str | None:
    """The MD5 digest in hexadecimal."""
    if re.fullmatch(r"[0-9a-fA-F]{32}", text):
        return text.lower()
    try:
        digest = base64.b64decode(text.replace(" ", "+"), validate=True)
    except binascii.Error:
        return None
    return digest.hex() if len(digest) == 16 else None


def _url(world: World, place: UploadDestination) -> str:
    path = f"{PATH}{place.id}"
    query = f"X-Amz-Expires={LIFETIME}&expires={int(world.now()) + LIFETIME}"
    return f"{world.url}{path}?{query}&X-Amz-Signature={sign(world, f'PUT {path}?{query}')}"


def receive(world: World, request: Request) -> Response:
    """`PUT` of a file to its place."""
    signed, _, signature = request.query.partition("&X-Amz-Signature=")
    place = world.state.uploads.get(request.path.removeprefix(PATH))
    expected = sign(world, f"PUT {request.path}?{signed}")
    if place is None or not hmac.compare_digest(expected.encode(), signature.encode()):
        return refusal(403, "SignatureDoesNotMatch", "The request signature we calculated does not match.")
    if int(request.one("expires") or 0) <= world.now():
        return refusal(403, "AccessDenied", "Request has expired")
    if place.content_type and request.headers.get("content-type") != place.content_type:
        return refusal(403, "SignatureDoesNotMatch", "The content type is not the one that was declared.")
    if len(request.body) > LARGEST:
        return refusal(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
    if hashlib.md5(request.body, usedforsecurity=False).hexdigest() != place.md5:
        return refusal(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")
    place.body = request.body
    return Response(200, content_type="application/xml")
