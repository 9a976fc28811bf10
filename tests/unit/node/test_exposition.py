"""What Prometheus is told is in its text format."""

from tickyard.node.exposition import Family, exposition


def test_a_family_has_its_help_its_type_and_a_line_for_each_sample() -> None:
    family = Family(
        "files_bytes", "gauge", "On disk", [({"part": "journal"}, 4096), ({"part": 'a"b'}, 0.5)]
    )
    assert exposition([family]).splitlines() == [
        "# HELP tickyard_files_bytes On disk",
        "# TYPE tickyard_files_bytes gauge",
        'tickyard_files_bytes{part="journal"} 4096',
        r'tickyard_files_bytes{part="a\"b"} 0.5',
    ]


def test_large_numbers_keep_their_digits_and_empty_families_are_left_out() -> None:
    families = [Family("a", "counter", "A", [({}, 123456789012)]), Family("b", "gauge", "B", [])]
    assert exposition(families).splitlines()[-1] == "tickyard_a 123456789012"
