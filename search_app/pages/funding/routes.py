"""The route of the funding of one offer."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from funding import BadPerson, Person, parse_form
from search_app.pages.funding.page import NOTHING_ASKED, Asked, Judgement, build_funding_page
from search_app.pages.shared.layout import to_freshness
from search_app.pages.shared.picking import read_picking
from search_app.pages.shared.render import respond, respond_private
from search_app.search.present.offer import to_offer_view
from search_app.search.service import services_of
