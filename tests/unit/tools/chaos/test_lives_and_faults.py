"""What is drawn from a seed: the same again from the same one, other from another one, and all of it."""

from __future__ import annotations

from collections import Counter

from streak_core.store.sharding import shard_of
from testing.steps import CommandStep, JobStep, QueryStep, Step
from tools.chaos.faults import COMMIT, Code, Mode, SeededPlan, Site
from tools.chaos.lives import CHANGE_AMNESTIES, ERASE, HEAR_OF_AMNESTIES, Way, lives, policies, user_ids

SITES = [
    Site(step, device, rpc, number)
    for step in range(60)
    for device in ("device 0", "device 1")
    for rpc in (COMMIT, "BatchGetDocuments", "RunQuery")
    for number in range(1, 4)
]


def test_the_same_seed_draws_the_same_lives_and_another_one_others() -> None:
    assert lives(1, 3) == lives(1, 3)
    assert lives(1, 3) != lives(2, 3)
    assert lives(1, 3) != lives(1, 4)


def test_every_second_environment_lives_under_policies_that_take_effect_while_it_lives() -> None:
    steps = {environment: lives(1, environment) for environment in range(10)}
    drawn = {environment: policies(1, environment, steps[environment]) for environment in steps}
    assert [bool(drawn[environment]) for environment in steps] == [False, True] * 5
    assert drawn == {environment: policies(1, environment, steps[environment]) for environment in steps}
    last = {environment: max(one["at"] for one in steps[environment])[:10] for environment in steps}
    begun = [one for environment, of in drawn.items() for one in of if str(one.effective_from) < last[environment]]
    assert any(one.withdrawn_at for one in begun)
    assert sum(one.withdrawn_at is None for one in begun) > 3


OF_AMNESTIES = {CHANGE_AMNESTIES, HEAR_OF_AMNESTIES}


def test_the_list_of_amnesties_changes_in_every_third_environment_with_policies_in_time_and_without() -> None:
    steps = {environment: lives(5, environment) for environment in range(8)}
    changing = [number for number, of in steps.items() if any(step["do"] in OF_AMNESTIES for step in of)]
    assert changing == [1, 4, 7]
    assert [bool(policies(5, number, steps[number])) for number in changing] == [True, False, True]
    changes = [one for number in changing for step in steps[number] for one in step.get("changes", ())]
    assert {tuple(one) for one in changes} == {("from", "until"), ("withdraws",)}
    assert any(one.get("way") == Way.JUDGE for step in steps[4] for one in step.get("lanes", ()))


def test_whoever_knows_of_a_change_of_the_list_has_no_clock_of_before_it() -> None:
    for environment in (1, 4, 7, 10):
        changed_at, heard_at = "", ""
        for step in lives(1, environment):
            changed_at = step["at"] if step["do"] == CHANGE_AMNESTIES else changed_at
            heard_at = changed_at if step["do"] == HEAR_OF_AMNESTIES else heard_at
            assert all(heard_at <= part["at"] for part in _parts(step))


def test_the_users_of_a_environment_are_different_ones_of_the_same_shard() -> None:
    for environment in range(20):
        ids = user_ids(environment)
        assert len(set(ids)) == 3
        assert len({shard_of(user_id) for user_id in ids}) == 1
    assert {user_id for environment in (0, 1) for user_id in user_ids(environment) if "/" in user_id}


def test_every_step_and_every_part_of_one_has_a_number_of_its_own() -> None:
    steps = lives(7, 0)
    numbers = [part["number"] for step in steps for part in _parts(step)]
    assert [step["number"] for step in steps] == list(range(len(steps)))
    assert len(set(numbers)) == len(numbers) > len(steps)


def test_some_lives_hold_every_command_question_and_way_of_the_job() -> None:
    steps = [part for environment in range(12) for step in lives(1, environment) for part in _parts(step)]
    assert {step["do"] for step in steps} == {*CommandStep, *QueryStep, *JobStep, "at_once", ERASE, *OF_AMNESTIES}
    assert {step["way"] for step in steps if "way" in step} == set(Way)
    assert any("occurred_at" in step for step in steps)
    for said in ("time_zone", "key"):
        assert any(said in step for step in steps if step["do"] == CommandStep.CHECK_IN)
    assert any("time_zone" in step for step in steps if step["do"] == CommandStep.RECORD)
    assert {step["do"] for step in steps if "key" in step} == {*CommandStep} - {CommandStep.RECORD}


def _parts(step: Step) -> list[Step]:
    return [step, *step.get("lanes", [])]


def test_a_fault_is_decided_by_its_place_alone_whatever_was_asked_before() -> None:
    plan, other = SeededPlan(1, 2), SeededPlan(1, 2)
    forward = {site: plan(site) for site in SITES}
    backward = {site: other(site) for site in reversed(SITES)}
    assert forward == backward
    assert forward != {site: SeededPlan(2, 2)(site) for site in SITES}


def test_a_spared_site_is_well_and_all_others_are_as_they_were() -> None:
    plan = SeededPlan(1, 2)
    troubled = next(site for site in SITES if plan(site))
    spared = SeededPlan(1, 2, frozenset({troubled}))
    assert spared(troubled) is None
    rest = [site for site in SITES if site != troubled]
    assert [spared(site) for site in rest] == [plan(site) for site in rest]


def test_every_kind_of_fault_comes_at_every_place_where_it_can() -> None:
    found = Counter(
        (site.rpc == COMMIT, fault.mode, fault.code)
        for environment in range(30)
        for site in SITES
        if (fault := SeededPlan(1, environment)(site))
    )
    anywhere = {(is_commit, place, code) for is_commit in (True, False) for place in _COMMON for code in Code}
    assert anywhere <= found.keys()
    assert {(True, Mode.LATE, code) for code in Code} <= found.keys()
    assert {(False, Mode.CUT, code) for code in Code} <= found.keys()
    assert {code for _, place, code in found if place is Mode.CONNECTION} == {Code.UNAVAILABLE}


_COMMON = (Mode.BEFORE, Mode.AFTER)
