"""What Prometheus is told is in its text format."""

from tickyard.node.exposition import Family, Histogram, Measure, exposition


def test_a_family_has_its_help_its_type_and_a_line_for_each_sample() -> None:
    measure = Measure("files_bytes", "gauge", "On disk", ("part",))
    family = Family(measure, [({"part": "journal"}, 4096), ({"part": 'a"b'}, 0.5)])
    assert exposition([family]).splitlines() == [
        "# HELP tickyard_files_bytes On disk",
        "# TYPE tickyard_files_bytes gauge",
        'tickyard_files_bytes{part="journal"} 4096',
        r'tickyard_files_bytes{part="a\"b"} 0.5',
    ]


def test_a_histogram_has_its_buckets_its_sum_and_its_count() -> None:
    measure = Measure("commit_seconds", "histogram", "Commits")
    family = Histogram(measure, [(0.001, 3), (0.01, 5)], count=6, total=1.5)
    assert exposition([family]).splitlines()[1:] == [
        "# TYPE tickyard_commit_seconds histogram",
        'tickyard_commit_seconds_bucket{le="0.001"} 3',
        'tickyard_commit_seconds_bucket{le="0.01"} 5',
        'tickyard_commit_seconds_bucket{le="+Inf"} 6',
        "tickyard_commit_seconds_sum 1.5",
        "tickyard_commit_seconds_count 6",
    ]


def test_large_numbers_keep_their_digits_and_empty_families_are_left_out() -> None:
    one, other = Measure("a", "counter", "A"), Measure("b", "gauge", "B")
    families = [Family(one, [({}, 123456789012)]), Family(other, [])]
    assert exposition(families).splitlines()[-1] == "tickyard_a 123456789012"
