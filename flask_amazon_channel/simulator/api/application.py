"""Applications 2023-11-30: a new client secret.

Documented: A queue has to be registered for it first: the setting `application_queue`.
Documented: The new secret comes by the notification APPLICATION_OAUTH_CLIENT_NEW_SECRET and no other way.
"""

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.login.lives import rotate_secret
from flask_amazon_channel.simulator.wire.messages import Response

_NOT_ENROLLED = (
    "Application is not enrolled for rotation notification. Please update application notification preference in"
    " Developer console."
)


@answers("rotateApplicationClientSecret", bad="InvalidInput", missing="NotFound")
def rotate_application_client_secret(call: Call) -> Response:
    if not call.world.settings.application_queue:
        raise call.bad_request(_NOT_ENROLLED)
    rotate_secret(call.world, keep_old=True)
    return Response(204)
