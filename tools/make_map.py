"""Draws the map of the world that the pages show.

    npm pack world-atlas@2
    .venv/bin/python tools/make_map.py world-atlas-2.*.tgz

Takes the archive of the npm package `world-atlas`, which is Natural Earth's borders (public domain) as TopoJSON, and
writes one path for each country in the Equal Earth projection. Borders are simplified once for both of their sides, so
that no gaps open between neighbours. What is too small to be seen or clicked gets a dot. The same archive gives the
same file, byte for byte.

Borders and names are those of the source. Areas that the lists of addresses count with another country are drawn with
it, and those that have a code of their own are drawn apart.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import sys
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from bangui.domain.country_names import country_name

Point = tuple[float, float]
Ring = list[Point]

MAP_FILE = Path(__file__).parents[1] / "packages/bangui/src/bangui/web/world.json"

WIDTH = 2_000
# In the middle of the map; its edges then lie in the Bering Strait, where they cut nothing but an island
# that is left out.
_MIDDLE = 11.0
# Of the projected world: a little more than the northernmost and southernmost land, without Antarctica.
_NORTH, _SOUTH = 83.8, -56.5
# Triangles of fewer square units than this are not seen at twice the width that a page has for the map.
_LEAST_DETAIL = 3.0
_LEAST_ISLAND = 8.0
# Below this many square units a country is hard to see and harder to hit.
_LEAST_COUNTRY = 60.0

# The three digits of ISO 3166-1, by which the source names countries, with the two letters that we use.
_NUMBERS = """
004AF 008AL 010AQ 012DZ 016AS 020AD 024AO 028AG 031AZ 032AR 036AU 040AT 044BS 048BH 050BD 051AM 052BB 056BE 060BM
064BT 068BO 070BA 072BW 074BV 076BR 084BZ 086IO 090SB 092VG 096BN 100BG 104MM 108BI 112BY 116KH 120CM 124CA 132CV
136KY 140CF 144LK 148TD 152CL 156CN 158TW 162CX 166CC 170CO 174KM 175YT 178CG 180CD 184CK 188CR 191HR 192CU 196CY
203CZ 204BJ 208DK 212DM 214DO 218EC 222SV 226GQ 231ET 232ER 233EE 234FO 238FK 239GS 242FJ 246FI 248AX 250FR 254GF
258PF 260TF 262DJ 266GA 268GE 270GM 275PS 276DE 288GH 292GI 296KI 300GR 304GL 308GD 312GP 316GU 320GT 324GN 328GY
332HT 334HM 336VA 340HN 344HK 348HU 352IS 356IN 360ID 364IR 368IQ 372IE 376IL 380IT 384CI 388JM 392JP 398KZ 400JO
404KE 408KP 410KR 414KW 417KG 418LA 422LB 426LS 428LV 430LR 434LY 438LI 440LT 442LU 446MO 450MG 454MW 458MY 462MV
466ML 470MT 474MQ 478MR 480MU 484MX 492MC 496MN 498MD 499ME 500MS 504MA 508MZ 512OM 516NA 520NR 524NP 528NL 531CW
533AW 534SX 535BQ 540NC 548VU 554NZ 558NI 562NE 566NG 570NU 574NF 578NO 580MP 581UM 583FM 584MH 585PW 586PK 591PA
598PG 600PY 604PE 608PH 612PN 616PL 620PT 624GW 626TL 630PR 634QA 638RE 642RO 643RU 646RW 652BL 654SH 659KN 660AI
662LC 663MF 666PM 670VC 674SM 678ST 682SA 686SN 688RS 690SC 694SL 702SG 703SK 704VN 705SI 706SO 710ZA 716ZW 724ES
728SS 729SD 732EH 740SR 744SJ 748SZ 752SE 756CH 760SY 762TJ 764TH 768TG 772TK 776TO 780TT 784AE 788TN 792TR 795TM
796TC 798TV 800UG 804UA 807MK 818EG 826GB 831GG 832JE 833IM 834TZ 840US 850VI 854BF 858UY 860UZ 862VE 876WF 882WS
887YE 894ZM
"""
_CODE_OF_NUMBER: Mapping[str, str] = {pair[:3]: pair[3:] for pair in _NUMBERS.split()}
# Areas without a number, by their names in the source.
_NAMED = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO", "Indian Ocean Ter.": "CX", "Siachen Glacier": "IN"}
# Parts of a country that have a code of their own: west, south, east and north of where they are.
_APART: Mapping[str, Sequence[tuple[str, float, float, float, float]]] = {
    "FR": (
        ("GF", -55, 1, -51, 6),
        ("GP", -62, 15.7, -60.9, 16.6),
        ("MQ", -61.3, 14.3, -60.7, 15),
        ("RE", 55, -21.5, 56, -20.8),
        ("YT", 45, -13.1, 45.4, -12.6),
    ),
    "NO": (("SJ", 5, 74, 35, 81.5), ("SJ", -10, 70.5, -7, 71.5)),
    "NL": (("BQ", -69, 12, -62, 18),),
}
# Islands that the source leaves out at this scale: longitude and latitude.
_POINTS: Mapping[str, Point] = {
    "BQ": (-68.25, 12.18),
    "BV": (3.36, -54.42),
    "CC": (96.83, -12.17),
    "CX": (105.63, -10.48),
    "GI": (-5.35, 36.14),
    "GP": (-61.5, 16.2),
    "MQ": (-61.0, 14.65),
    "RE": (55.5, -21.1),
    "TK": (-171.8, -9.2),
    "TV": (179.2, -8.5),
    "UM": (166.6, 19.3),
    "YT": (45.15, -12.8),
}
_LEFT_OUT = frozenset({"AQ"})


class BadArchive(Exception):
    """The archive is not what it should be."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One country: its outline, and where its dot is, for a country that is too small."""

    path: str
    dot: tuple[int, int] | None


def read_archive(content: bytes) -> tuple[str, Any]:
    """Return the version of the package and its borders at 1:50m."""
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
            package = json.loads(_member(archive, "package/package.json"))
            if package["name"] != "world-atlas":
                raise BadArchive(f"this is {package['name']}, not world-atlas")
            return str(package["version"]), json.loads(_member(archive, "package/countries-50m.json"))
    except (tarfile.TarError, KeyError, ValueError) as error:
        raise BadArchive(f"this is no archive of world-atlas: {error}") from error


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    if file := archive.extractfile(name):
        return file.read()
    raise BadArchive(f"{name} is missing")


def project(longitude: float, latitude: float) -> Point:
    """Return a place in the Equal Earth projection, in units of the map, from its upper left corner."""
    x, y = _equal_earth((longitude - _MIDDLE + 180) % 360 - 180, latitude)
    return (x - _LEFT) * _SCALE, (_TOP - y) * _SCALE


def _equal_earth(longitude: float, latitude: float) -> Point:
    """Equal Earth as Šavrič, Patterson and Jenny published it in 2018, on a sphere of radius 1."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    root = math.sqrt(3) / 2
    theta = math.asin(root * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square**3
    slope = a1 + 3 * a2 * square + sixth * (7 * a3 + 9 * a4 * square)
    x = math.radians(longitude) * math.cos(theta) / (root * slope)
    return x, theta * (a1 + a2 * square + sixth * (a3 + a4 * square))


_LEFT = _equal_earth(-180, 0)[0]
_TOP = _equal_earth(0, _NORTH)[1]
_SCALE = WIDTH / (-2 * _LEFT)
HEIGHT = math.ceil((_TOP - _equal_earth(0, _SOUTH)[1]) * _SCALE)


def read_arcs(topology: Any) -> list[list[Point]]:
    """Return the arcs as longitudes and latitudes."""
    (scale_x, scale_y), (left, top) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        arc = []
        for delta_x, delta_y in deltas:
            x, y = x + delta_x, y + delta_y
            arc.append((left + x * scale_x, top + y * scale_y))
        arcs.append(arc)
    return arcs


def simplified(points: Sequence[Point], least: float) -> list[Point]:
    """Return a line without the points that hardly matter (Visvalingam and Whyatt); its ends stay."""
    kept = list(points)
    while len(kept) > 2:
        areas = [_triangle(*three) for three in zip(kept, kept[1:], kept[2:], strict=False)]
        smallest = min(areas)
        if smallest >= least:
            break
        # Points that are not neighbours can go in one round.
        going, last = set(), -2
        for place, area in enumerate(areas):
            if area <= max(smallest * 2, least / 8) and area < least and place != last + 1:
                going.add(place + 1)
                last = place
        kept = [point for place, point in enumerate(kept) if place not in going]
    return kept


def _triangle(first: Point, second: Point, third: Point) -> float:
    return abs((second[0] - first[0]) * (third[1] - first[1]) - (third[0] - first[0]) * (second[1] - first[1])) / 2


def area_of(ring: Sequence[Point]) -> float:
    """Return the area of a ring in square units."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in _sides(ring))) / 2


def _sides(ring: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    return pairwise([*ring, ring[0]])


def rings_of(geometry: Any, arcs: Sequence[Sequence[Point]]) -> Iterator[Ring]:
    """Yield the rings of a country."""
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    for polygon in polygons:
        for numbers in polygon:
            ring: Ring = []
            for number in numbers:
                arc = arcs[number] if number >= 0 else arcs[~number][::-1]
                ring.extend(arc[1:] if ring else arc)
            yield ring


def code_of(geometry: Any, middle: Point) -> str | None:
    """Return the code of a country, or of the part of it that has this place in it."""
    number, name = geometry.get("id"), geometry["properties"]["name"]
    code = _NAMED.get(name) if number is None else _CODE_OF_NUMBER.get(number)
    for part, west, south, east, north in _APART.get(code or "", ()):
        if west <= middle[0] <= east and south <= middle[1] <= north:
            return part
    return code


def _middle(ring: Ring) -> Point:
    xs, ys = zip(*ring, strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def shapes_of(topology: Any) -> dict[str, Shape]:
    """Return the countries by their codes."""
    places = read_arcs(topology)
    arcs = [simplified([project(*place) for place in arc], _LEAST_DETAIL) for arc in places]
    rings: dict[str, list[Ring]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        for ring, true_ring in zip(rings_of(geometry, arcs), rings_of(geometry, places), strict=True):
            code = code_of(geometry, _middle(true_ring))
            if code and code not in _LEFT_OUT and not any(abs(a[0] - b[0]) > WIDTH / 2 for a, b in _sides(ring)):
                rings.setdefault(code, []).append(ring)
    shapes = {code: _shape(found) for code, found in rings.items()}
    for code, place in _POINTS.items():
        if code not in shapes:
            x, y = project(*place)
            shapes[code] = Shape("", (round(x), round(y)))
    unknown = [code for code in shapes if country_name(code) == code]
    if unknown:
        raise BadArchive(f"no country has these codes: {', '.join(sorted(unknown))}")
    return dict(sorted(shapes.items()))


def _shape(rings: list[Ring]) -> Shape:
    largest = max(rings, key=area_of)
    path = "".join(_path(ring) for ring in rings if ring is largest or area_of(ring) >= _LEAST_ISLAND)
    if sum(map(area_of, rings)) >= _LEAST_COUNTRY:
        return Shape(path, None)
    x, y = _middle(largest)
    return Shape(path, (round(x), round(y)))


def _path(ring: Ring) -> str:
    """Return a ring as a relative path in whole units; empty where nothing of it is left."""
    points = [(round(x), round(y)) for x, y in ring]
    corners = [point for place, point in enumerate(points) if point != points[place - 1]]
    if len(corners) < 3:
        return ""
    steps = "".join(
        f"{x - left:d}{'' if y - top < 0 else ' '}{y - top:d} " for (left, top), (x, y) in pairwise(corners)
    )
    return f"M{corners[0][0]} {corners[0][1]}l{steps.strip().replace(' -', '-')}z"


def map_text(version: str, shapes: Mapping[str, Shape]) -> str:
    """Return the file that the pages read."""
    countries = {
        code: {"path": shape.path} | ({"dot": list(shape.dot)} if shape.dot else {}) for code, shape in shapes.items()
    }
    source = f"Natural Earth 4.1 at 1:50m (public domain), as in world-atlas {version}; drawn by tools/make_map.py"
    world = {"source": source, "width": WIDTH, "height": HEIGHT, "countries": countries}
    lines = json.dumps(world, separators=(",", ":")).replace('},"', '},\n"').replace('{"', '{\n"', 1)
    return f"{lines}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the map; the exit status says whether that went well."""
    parser = argparse.ArgumentParser(description="Draw the map of the world from an archive of world-atlas.")
    parser.add_argument("archive", type=Path)
    parser.add_argument("--output", type=Path, default=MAP_FILE)
    options = parser.parse_args(arguments)
    try:
        version, topology = read_archive(options.archive.read_bytes())
        text = map_text(version, shapes_of(topology))
    except (OSError, BadArchive) as error:
        print(error, file=sys.stderr)
        return 1
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(text, encoding="utf-8")
    print(f"{options.output}: {len(text):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
