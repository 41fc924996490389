"""`/blocklist.txt`: who is banned now, for firewalls that pull lists.

The list is made once for the same bans and the same question, and has a strong ETag of its content, so that a firewall
that has it gets nothing but 304. Where the bans are not all known there is no list but a 503: a firewall keeps what it
has, and nobody is let in because a daemon starts.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Annotated

from starlette.requests import Request
from starlette.responses import Response

from bangui.domain.accounts import Scope
from bangui.domain.bans import JailBans
from bangui.domain.blocklist import BlocklistForm, Family, blocks_of, write_blocklist
from bangui.domain.daemon import Presence
from bangui.domain.snapshot import Snapshot
from bangui.services.threads import in_thread
from bangui.web.api.bans import require_running
from bangui.web.api.event_filters import JAIL
from bangui.web.api.operations import Call, FileAnswer, Nothing, Operation
from bangui.web.api.problems import ApiError
from bangui.web.api.shapes import About
from bangui.web.site import Site

# Different questions about the same bans; a list of 100,000 takes 2 MB.
_LISTS_KEPT = 8
_SMALLEST_COMPRESSED = 1_000
_MEDIA_TYPE = "text/plain"


@dataclass(frozen=True, slots=True)
class BlocklistAsked:
    """Which bans, and in which form."""

    format: Annotated[
        BlocklistForm,
        About(
            "`plain`: each address and network on a line; `cidr`: as few networks as possible; `nft`: for `nft -f`; "
            "`ipset`: for `ipset restore`.",
            "plain",
        ),
    ] = BlocklistForm.PLAIN
    family: Annotated[tuple[Family, ...], About("Which addresses; all if none is given.", ("ipv4",), most=2)] = ()
    jail: Annotated[tuple[Annotated[str, JAIL], ...], About("Of these jails; of all if none.", (), most=50)] = ()


@dataclass(frozen=True, slots=True)
class _Blocklist:
    body: bytes
    compressed: bytes
    tag: str


_FILE = FileAnswer(
    {_MEDIA_TYPE: "198.51.100.23\n203.0.113.0/24\n2001:db8::7\n"},
    {"ETag": "Names the content; send it back as `If-None-Match`."},
    may_be_unchanged=True,
)


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operation that lists what is banned."""
    return (
        Operation(
            "getBlocklist",
            "GET",
            "/blocklist.txt",
            "Bans",
            "Get who is banned now, for a firewall",
            Scope.READ,
            _Blocklists(site).answer,
            text="Ids that are no addresses are left out, and what would cut off whoever uses the list (loopback, very "
            "wide networks). While the bans are not all known the answer is 503: keep the list that you have.",
            problems=("unknown-jail", "daemon-away"),
            file=_FILE,
        ),
    )


class _Blocklists:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._of: tuple[object, ...] = ()
        self._made: OrderedDict[BlocklistAsked, _Blocklist] = OrderedDict()

    async def answer(self, call: Call[BlocklistAsked, Nothing]) -> Response:
        """Serve the list, or 304 to a firewall that has it."""
        snapshot, asked = self._site.live.snapshot, call.asked
        wanted = _wanted(snapshot, asked)
        found = self._kept(snapshot, asked)
        if found is None:
            found = await in_thread(lambda: _make(wanted, asked))
            self._keep(snapshot, asked, found)
        return _told(call.request, found)

    def _kept(self, snapshot: Snapshot, asked: BlocklistAsked) -> _Blocklist | None:
        # The list of a jail that has not changed is the same object in every snapshot.
        seen = tuple(jail.bans for jail in snapshot.bans)
        if len(seen) != len(self._of) or any(one is not other for one, other in zip(seen, self._of, strict=True)):
            self._made.clear()
            self._of = seen
        return self._made.get(asked)

    def _keep(self, snapshot: Snapshot, asked: BlocklistAsked, made: _Blocklist) -> None:
        self._kept(snapshot, asked)
        self._made[asked] = made
        while len(self._made) > _LISTS_KEPT:
            self._made.popitem(last=False)


def _wanted(snapshot: Snapshot, asked: BlocklistAsked) -> list[JailBans]:
    """Return the bans that are meant; raises `ApiError` where not all of them are known."""
    if not snapshot.revision or snapshot.daemon.presence is Presence.STARTING:
        raise ApiError("daemon-away", "The bans are not known yet.", "Keep the list that you have.")
    for name in asked.jail:
        require_running(snapshot, name)
    wanted = [jail for jail in snapshot.bans if not asked.jail or jail.jail in asked.jail]
    if any(not jail.complete for jail in wanted):
        raise ApiError("unavailable", "A jail holds too many bans to list.", "Keep the list that you have.")
    return wanted


def _make(jails: list[JailBans], asked: BlocklistAsked) -> _Blocklist:
    blocks = blocks_of((ban.id for jail in jails for ban in jail.bans), asked.family)
    body = write_blocklist(blocks, asked.format, asked.family).encode()
    return _Blocklist(body, gzip.compress(body, 6, mtime=0), hashlib.sha256(body).hexdigest()[:32])


def _told(request: Request, found: _Blocklist) -> Response:
    # The same rule as that of the layer which compresses all other answers, so that it has nothing left to do here.
    is_compressed = len(found.body) >= _SMALLEST_COMPRESSED and "gzip" in request.headers.get("accept-encoding", "")
    tag = f'"{found.tag}-gzip"' if is_compressed else f'"{found.tag}"'
    headers = {"ETag": tag, "Vary": "Accept-Encoding", "Cache-Control": "no-cache, private"}
    if _has_it(request, found):
        return Response(status_code=304, headers=headers)
    if is_compressed:
        headers["Content-Encoding"] = "gzip"
    return Response(found.compressed if is_compressed else found.body, headers=headers, media_type=_MEDIA_TYPE)


def _has_it(request: Request, found: _Blocklist) -> bool:
    known = request.headers.get("if-none-match", "")
    tags = {tag.strip().removeprefix("W/").strip('"') for tag in known.split(",")}
    return known.strip() == "*" or not tags.isdisjoint({found.tag, f"{found.tag}-gzip"})
