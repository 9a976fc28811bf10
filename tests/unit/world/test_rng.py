from tickyard.world.rng import Rng


def draws(seed: int, name: str) -> list[float]:
    rng = Rng(seed, name)
    return [rng.normal(), rng.between(0, 1), rng.waiting(2), rng.skewed(10, 1)]


def test_the_same_seed_and_name_give_the_same_numbers() -> None:
    assert draws(7, "fair prices") == draws(7, "fair prices")


def test_another_seed_or_name_gives_others() -> None:
    assert len({tuple(draws(*who)) for who in ((7, "a"), (8, "a"), (7, "b"))}) == 3


def test_the_numbers_are_these_on_every_machine() -> None:
    assert f"{Rng(7, 'fair prices').between(0, 1):.12f}" == "0.139690331219"
