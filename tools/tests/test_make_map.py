from __future__ import annotations

import io
import json
import math
import tarfile
from pathlib import Path

import pytest

from tools import make_map


def topology() -> dict[str, object]:
    """Two squares that share a border, a tiny island, and a part of France beyond the ocean."""
    arcs = [
        [[10, 10], [0, 10], [1, 0], [9, 0]],
        [[20, 20], [0, -10]],
        [[20, 10], [-10, 0]],
        [[20, 10], [10, 0], [0, 10], [-10, 0]],
        [[40, 5], [1, 0], [0, 1], [-1, -1]],
        [[-54, 2], [2, 0], [0, 2], [-2, -2]],
    ]
    polygons = [
        {"type": "Polygon", "id": "276", "properties": {"name": "Germany"}, "arcs": [[0, 1, 2]]},
        {"type": "MultiPolygon", "id": "250", "properties": {"name": "France"}, "arcs": [[[~1, 3]], [[5]]]},
        {"type": "Polygon", "id": "470", "properties": {"name": "Malta"}, "arcs": [[4]]},
        {"type": "Polygon", "properties": {"name": "Nowhere"}, "arcs": [[4]]},
    ]
    return {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": arcs,
        "objects": {"countries": {"geometries": polygons}},
    }


def archive(path: Path, name: str = "world-atlas", **files: str) -> Path:
    contents = {"package.json": json.dumps({"name": name, "version": "2.0.2"}), **files}
    with tarfile.open(path / "package.tgz", "w:gz") as tar:
        for file, text in contents.items():
            entry = tarfile.TarInfo(f"package/{file}")
            entry.size = len(text.encode())
            tar.addfile(entry, io.BytesIO(text.encode()))
    return path / "package.tgz"


def test_the_map_is_as_wide_as_the_world_and_its_middle_is_where_it_is_said() -> None:
    assert make_map.project(11, 0)[0] == pytest.approx(make_map.WIDTH / 2)
    assert make_map.project(-169.1 + 0.2, 0)[0] == pytest.approx(0, abs=1)
    assert make_map.project(-169.1, 0)[0] == pytest.approx(make_map.WIDTH, abs=1)
    assert make_map.project(0, -56)[1] < make_map.HEIGHT


def test_areas_are_true_to_each_other() -> None:
    """What Equal Earth is for: a degree at the equator and one in the north have areas as on the globe."""

    def square(latitude: float) -> float:
        corners = [(0, latitude), (1, latitude), (1, latitude + 1), (0, latitude + 1)]
        return make_map.area_of([make_map.project(*corner) for corner in corners])

    on_the_globe = math.cos(math.radians(60.5)) / math.cos(math.radians(0.5))
    assert square(60) / square(0) == pytest.approx(on_the_globe, rel=0.01)


def test_what_hardly_matters_is_left_out_of_a_line() -> None:
    line = [(0.0, 0.0), (5.0, 0.1), (10.0, 0.0), (10.0, 10.0)]
    assert make_map.simplified(line, 3) == [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]
    assert make_map.simplified(line[:2], 3) == line[:2]


def test_countries_are_found_by_their_numbers_and_parts_of_them_by_where_they_are() -> None:
    shapes = make_map.shapes_of(topology())
    assert {"DE", "FR", "GF", "MT"} <= shapes.keys()
    assert shapes["DE"].path.startswith("M")
    assert shapes["DE"].path.endswith("z")
    assert shapes["DE"].dot is None


def test_what_the_source_leaves_out_is_a_dot() -> None:
    shapes = make_map.shapes_of(topology())
    assert shapes["TV"].path == ""
    assert shapes["TV"].dot is not None


def test_neighbours_share_their_border() -> None:
    shapes = make_map.shapes_of(topology())
    x, y = (round(value) for value in make_map.project(20, 10))
    assert f"{x} {y}" in shapes["DE"].path or f"M{x} {y}" in shapes["FR"].path


def test_an_archive_becomes_the_same_file_each_time(tmp_path: Path) -> None:
    package = archive(tmp_path, **{"countries-50m.json": json.dumps(topology())})
    outputs = [tmp_path / "one.json", tmp_path / "two.json"]
    for output in outputs:
        assert make_map.main([str(package), "--output", str(output)]) == 0
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
    world = json.loads(outputs[0].read_text())
    assert "world-atlas 2.0.2" in world["source"]
    assert world["width"] == make_map.WIDTH


def test_another_archive_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "map.json"
    other = archive(tmp_path, "left-pad")
    assert make_map.main([str(other), "--output", str(output)]) == 1
    without = archive(tmp_path)
    assert make_map.main([str(without), "--output", str(output)]) == 1
    without.write_bytes(b"no archive")
    assert make_map.main([str(without), "--output", str(output)]) == 1
    assert not output.exists()
    assert "left-pad" in capsys.readouterr().err
