"""The fault list: `make faults`. Shows, for each fault, the tests that break the exchange like that, and their result.
Some of it: `make faults ONLY="F01 F09"`.

The tests are part of the suite; here they are run by fault and by name. A test that does not exist, did not run or was
skipped counts as failed, with the reason printed; only where the machine does not let a test break what it must break
is the fault "not possible here", which is not "ok" either.
"""

import sys
import time
from collections.abc import Sequence

import msgspec
from tests.support.named_tests import NOT_POSSIBLE, Python, Rust

FULL_DISK = "tests/journeys/test_full_disk.py::"
KILLED = "tests/journeys/test_killed.py::"
PROJECTING = "tests/integration/test_projecting.py::"


class Fault(msgspec.Struct, frozen=True):
    """One line of the list.

    Attributes:
        id: its number in the fault matrix.
        what: what goes wrong.
        how: how it is brought about.
        passes: what must hold besides: nothing acknowledged is lost, nothing is carried out twice.
        tests: what shows it.
    """

    id: str
    what: str
    how: str
    passes: str
    tests: Sequence[Rust | Python]


def _journal(*names: str) -> Rust:
    return Rust("journal", "journal", names)


def _host(*names: str) -> Rust:
    return Rust("host", "host", names)


FAULTS = (
    Fault(
        "F01",
        "kill -9 at every boundary of an append",
        "storage shim, every step; real processes; everything under load",
        "what was acknowledged is there, the rest may be",
        (
            _journal(
                "crash::a_killed_process_loses_nothing_that_was_acknowledged",
                "crash::recovery_may_die_at_every_step_too",
            ),
            _host(
                "boundaries::f01_a_process_killed_at_any_boundary_of_an_append_keeps_what_it_acknowledged",
                "killed::nothing_acknowledged_is_lost_and_what_is_sent_again_is_carried_out_once",
            ),
            Python((f"{KILLED}test_everything_is_killed_at_random_points",)),
        ),
    ),
    Fault(
        "F02",
        "torn write at the end",
        "storage shim: the last frame cut at each byte, or without any of its sectors",
        "cut off, starts",
        (
            _journal(
                "torn_tail::a_last_frame_cut_at_any_byte_is_cut_off",
                "torn_tail::a_last_frame_with_any_sectors_missing_is_cut_off",
            ),
            _host("starting::an_append_that_was_torn_is_cut_off"),
        ),
    ),
    Fault(
        "F03",
        "torn write in the middle",
        "storage shim and edited files",
        "refuses to start, names the place",
        (
            _journal("corruption::zeroed_frames_in_the_middle_are_found_and_named"),
            _host(
                "starting::damage_in_the_middle_of_the_journal_refuses_to_start_and_names_the_place"
            ),
            Python(
                ("tests/journeys/test_command_line.py::test_a_damaged_home_fails_and_says_where",)
            ),
        ),
    ),
    Fault(
        "F04",
        "one bit turned",
        "each bit of a small home: journal, snapshot, events",
        "seen before it is used",
        (
            _journal("corruption::a_flipped_bit_in_any_frame_but_the_newest_is_found_and_named"),
            Rust(
                "sim", "bits", ("f04_each_bit_of_journal_snapshot_and_events_is_seen_or_harmless",)
            ),
        ),
    ),
    Fault(
        "F05",
        "a sync fails with EIO",
        "storage shim; a loop device whose image lies on a full disk, or that ends before the journal does",
        "no acknowledgement after it, ends with an error",
        (
            _journal(
                "failing_disk::nothing_is_appended_after_a_failed_sync",
                "failing_disk::a_frame_whose_sync_failed_is_made_sure_of_before_it_counts",
            ),
            _host(
                "failing_disk::f05_after_a_sync_that_failed_nothing_is_acknowledged_and_the_host_ends_with_an_error"
            ),
            Python(
                (
                    f"{FULL_DISK}test_f05_after_a_sync_that_failed_nothing_is_acknowledged_and_a_repaired_disk_has_it_all",
                    f"{FULL_DISK}test_f05_a_disk_that_answers_with_eio_acknowledges_nothing_and_has_it_all_once_it_works",
                ),
                mounts=True,
            ),
        ),
    ),
    Fault(
        "F09",
        "the disk is full",
        "storage shim without room; small disks for journal, events, snapshots, read database, and for all of them",
        "acknowledgements stop; room alone sets it going again",
        (
            _journal(
                "failing_disk::a_full_disk_stops_the_log_only_when_a_segment_is_full_and_it_goes_on_after_a_restart",
                "snapshots::a_full_disk_costs_only_the_new_snapshot",
            ),
            Python(
                (
                    f"{FULL_DISK}test_f09_each_part_of_a_home_may_be_full_and_room_alone_sets_it_going_again",
                    f"{FULL_DISK}test_f09_a_whole_home_may_be_full_and_room_alone_sets_it_going_again",
                ),
                mounts=True,
            ),
        ),
    ),
    Fault(
        "F10",
        "a sync takes long",
        "storage shim: syncs are held",
        "bounded queues answer busy at once, reads go on, it recovers",
        (
            _journal("failing_disk::an_append_waits_for_a_slow_disk"),
            _host(
                "slow_disk::f10_a_slow_sync_refuses_what_it_has_no_room_for_at_once_and_loses_nothing"
            ),
        ),
    ),
    Fault(
        "F26",
        "two cores lead at once",
        "a shared log with fencing, the real sequencer on it",
        "exactly one append succeeds, the other core acknowledges nothing",
        (
            _journal(
                "contract::f26_of_two_appends_to_one_head_exactly_one_succeeds",
                "contract::f26_of_two_who_lead_at_once_one_is_fenced_and_appends_no_more",
            ),
            Rust(
                "host",
                "",
                (
                    "sequencer::fenced::f26_of_two_cores_that_lead_at_once_one_is_fenced_and_acknowledges_nothing",
                ),
            ),
        ),
    ),
    Fault(
        "F27",
        "replies doubled, lost, late, out of order",
        "the same log over a bad network; whole days of three cores by seed",
        "each command is carried out once",
        (
            _journal(
                "contract::f27_appends_are_carried_out_once_whatever_befalls_requests_and_answers",
                "contract::f27_an_append_whose_place_is_no_longer_kept_is_never_acknowledged",
            ),
            Rust(
                "host",
                "",
                ("sequencer::fenced::f27_lost_doubled_and_late_answers_apply_each_command_once",),
            ),
            Rust(
                "sim",
                "clusters",
                ("f27_twenty_days_of_lost_doubled_and_late_messages_carry_each_command_out_once",),
            ),
        ),
    ),
    Fault(
        "F30",
        "a snapshot is corrupted, cut or older",
        "storage shim and edited files",
        "the one before is used",
        (
            _journal(
                "snapshots::a_flipped_bit_anywhere_makes_the_one_before_be_used",
                "snapshots::a_truncated_or_renamed_or_older_snapshot_makes_the_one_before_be_used",
            ),
            _host("starting::a_damaged_snapshot_costs_only_time"),
            Rust(
                "host",
                "",
                (
                    "faults::f30_a_corrupted_truncated_or_older_snapshot_is_passed_over_for_the_one_before",
                    "faults::f30_a_snapshot_whose_ledger_does_not_sum_is_named_although_every_checksum_of_it_is_right",
                    "faults::f30_whatever_is_edited_in_a_snapshot_is_found_although_every_checksum_of_it_is_right",
                ),
            ),
        ),
    ),
    Fault(
        "F31",
        "a crash while a snapshot is written, renamed, removed",
        "storage shim, every step",
        "a good snapshot is always there",
        (
            _journal(
                "snapshots::dying_at_any_step_of_writing_or_pruning_leaves_a_good_snapshot",
                "compressing::f31_dying_at_any_step_of_compressing_loses_nothing",
                "compressing::f31_dying_at_any_step_of_pruning_keeps_what_is_needed",
            ),
            Rust(
                "host",
                "",
                (
                    "faults::f31_dying_at_any_step_of_snapshots_compression_and_pruning_changes_nothing",
                ),
            ),
        ),
    ),
    Fault(
        "F34",
        "a panic in a check, a panic in a change",
        "points in the core, off outside tests",
        "refused alike at every replay; stops without a crash loop",
        (
            Rust(
                "engine",
                "core",
                (
                    "phases::f34_a_panic_in_a_check_refuses_the_command_and_leaves_no_trace",
                    "phases::f34_a_panic_in_a_change_stops_the_core_at_every_replay",
                ),
            ),
            _host(
                "defects::f34_a_defect_in_a_check_costs_one_command_at_every_replay_alike",
                "defects::f34_a_defect_in_a_change_stops_the_core_which_says_so_once_and_does_not_try_for_ever",
            ),
            # What users run has no such points: how the supervisor fails over a core that refuses to start is shown
            # with a damaged home.
            Python(
                ("tests/journeys/test_command_line.py::test_a_damaged_home_fails_and_says_where",)
            ),
        ),
    ),
    Fault(
        "F35",
        "no memory is left for the core, for a worker",
        "a control group allows no more; the kernel kills",
        "comes back by itself, status shows it meanwhile",
        (
            Python(
                (
                    "tests/journeys/test_out_of_memory.py::test_f35_a_process_that_runs_out_of_memory_comes_back_and_loses_nothing",
                )
            ),
        ),
    ),
    Fault(
        "F36",
        "the database of history is down, full, old, or its writer dies",
        "PostgreSQL stopped; a small disk; a database from an older copy; kill -9 of everything and of the projector alone, at"
        " random points, under trigger orders of every kind",
        "trading goes on, no stop is lost or fires twice; the history has caught up exactly once",
        (
            Python(
                (
                    f"{KILLED}test_everything_is_killed_at_random_points",
                    f"{KILLED}test_one_process_is_killed_and_comes_back_by_itself[projector]",
                    f"{PROJECTING}test_f36_a_database_put_back_from_an_older_copy_catches_up_exactly_once",
                    "tests/journeys/test_postgresql.py::test_history_survives_the_server_and_the_projector",
                )
            ),
            Python(
                (
                    f"{FULL_DISK}test_f09_each_part_of_a_home_may_be_full_and_room_alone_sets_it_going_again",
                ),
                mounts=True,
            ),
        ),
    ),
    Fault(
        "F37",
        "the projector dies at each statement",
        "its connection breaks before each statement and after each commit, in SQLite and in PostgreSQL",
        "the tables are those of the events, row by row; the same when they are rebuilt",
        (
            Python(
                (
                    f"{PROJECTING}test_f37_a_projector_that_dies_at_any_statement_stores_each_event_once[sqlite]",
                    f"{PROJECTING}test_f37_a_projector_that_dies_at_any_statement_stores_each_event_once[postgresql]",
                    f"{PROJECTING}test_f37_tables_that_are_rebuilt_are_those_of_the_events[sqlite]",
                    f"{PROJECTING}test_f37_tables_that_are_rebuilt_are_those_of_the_events[postgresql]",
                    f"{PROJECTING}test_rebuild_keeps_what_pruned_events_have_made[sqlite]",
                    f"{PROJECTING}test_rebuild_keeps_what_pruned_events_have_made[postgresql]",
                )
            ),
        ),
    ),
)


def main(only: Sequence[str]) -> int:
    """Run the tests of the list, print the table; 1 when a fault is not shown to be survived.

    Args:
        only: ids of faults; none for all.
    """
    if unknown := set(only) - {fault.id for fault in FAULTS}:
        sys.exit(f"no such fault: {', '.join(sorted(unknown))}")
    chosen = [fault for fault in FAULTS if fault.id in only or not only]
    failed = impossible = 0
    known: dict[str, str] = {}
    for fault in chosen:
        started = time.monotonic()
        outcomes: dict[str, str] = {}
        for tests in fault.tests:
            outcomes |= tests.run(known)
        seconds = time.monotonic() - started
        wrong = {name: outcome for name, outcome in outcomes.items() if outcome != "ok"}
        is_impossible = bool(wrong) and all(NOT_POSSIBLE in outcome for outcome in wrong.values())
        impossible += is_impossible
        failed += bool(wrong) and not is_impossible
        result = NOT_POSSIBLE if is_impossible else "FAILED" if wrong else "ok"
        sys.stdout.write(
            f"{fault.id}  {fault.what:<54}  {result:<6}  {len(outcomes)} tests, {seconds:.1f} s\n"
            f"     how:    {fault.how}\n     passes: {fault.passes}\n"
        )
        for name, outcome in wrong.items():
            sys.stdout.write(f"     {name}: {outcome}\n")
        sys.stdout.flush()
    survived = len(chosen) - failed - impossible
    rest = f", {impossible} {NOT_POSSIBLE}" if impossible else ""
    sys.stdout.write(f"{survived} of {len(chosen)} faults are survived{rest}\n")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
