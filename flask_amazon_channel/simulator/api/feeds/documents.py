"""Feeds 2021-06-30: documents to upload and to download."""

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.jobs import document_shape
from flask_amazon_channel.simulator.documents.storing import forget_old, make_upload, upload_url
from flask_amazon_channel.simulator.wire.messages import Response, json_response


@answers("createFeedDocument", bad="400", missing="404")
def create_feed_document(call: Call) -> Response:
    """The address takes one PUT with the declared content type, for five minutes and without headers of the API."""
    content_type = call.json().get("contentType")
    if not isinstance(content_type, str) or not content_type.strip():
        raise call.bad_request("contentType is required.")
    forget_old(call.world)
    document = make_upload(call.world, call.seller.id, content_type)
    return json_response({"feedDocumentId": document.id, "url": upload_url(call.world, document)}, 201)


@answers("getFeedDocument", bad="400", missing="404")
def get_feed_document(call: Call) -> Response:
    return json_response(document_shape(call, "feed", call.path["feedDocumentId"]))
