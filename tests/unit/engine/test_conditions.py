from tickyard.engine.conditions import Conditions


def test_all_conditions_hold_and_their_values_stand_in_the_order_of_the_marks() -> None:
    conditions = Conditions("account = ?", 16)
    conditions.add("side = ?", 1)
    conditions.among("kind", {4, 2})
    conditions.require("parent <> 0")
    assert conditions.text == "account = ? AND side = ? AND kind IN (?, ?) AND parent <> 0"
    assert conditions.values == [16, 1, 2, 4]


def test_none_means_any() -> None:
    conditions = Conditions("account = ?", 16)
    conditions.add("side = ?", None)
    conditions.among("kind", None)
    assert (conditions.text, conditions.values) == ("account = ?", [16])


def test_zero_and_the_empty_text_are_values_like_others() -> None:
    conditions = Conditions("account = ?", 0)
    conditions.add("client_id = ?", "")
    assert (conditions.text, conditions.values) == ("account = ? AND client_id = ?", [0, ""])


def test_among_nothing_no_row_is_found() -> None:
    conditions = Conditions("account = ?", 16)
    conditions.among("kind", [])
    assert (conditions.text, conditions.values) == ("account = ? AND FALSE", [16])
