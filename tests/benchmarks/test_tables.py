import pytest

from peers import PEERS
from report import MICROSECONDS, Figures
from tables import TABLES, Claim, Row, Table, figures
from worker import EVERY_NETWORK, KINDS, Task

TASK = Task("train", "chapter")


def same(value: float) -> Figures:
    return Figures(value, value, value)


@pytest.mark.parametrize("name", TABLES)
def test_every_row_can_be_measured(name):
    for row in TABLES[name].rows:
        assert row.peer in PEERS
        assert row.task.kind in KINDS
        assert row.task.network in EVERY_NETWORK
        assert row.task.images or row.task.kind == "predict"


@pytest.mark.parametrize("name", TABLES)
def test_claims_speak_of_rows(name):
    titles = [row.title for row in TABLES[name].rows]
    assert len(set(titles)) == len(titles)
    for claim in TABLES[name].claims:
        assert {claim.ours, *claim.theirs} <= set(titles)


def test_figures_pool_the_turns():
    turns = [{"seconds": [1.0, 4.0], "peak": []}, {"seconds": [2.0], "total": [9.0]}]
    assert figures(turns) == {"seconds": Figures(2.0, 1.0, 4.0), "total": same(9.0)}


def test_a_table_compares_with_its_first_row():
    table = Table(
        (Row("a", "convlet", TASK), Row("b", "pytorch", TASK)),
        MICROSECONDS,
        (Claim("a", ("b",), 3),),
    )
    results = {"a": {"seconds": Figures(2e-6, 1e-6, 3e-6)}, "b": {"seconds": same(4e-6)}}
    assert table.markdown(results).splitlines() == [
        "|  | median (µs an image) | best | time / a's: medians | best |",
        "| --- | ---: | ---: | ---: | ---: |",
        "| a | 2.0 | 1.0 | 1.00 | 1.00 |",
        "| b | 4.0 | 4.0 | 2.00 | 4.00 |",
        "",
        "- a against b: 4.00 times as fast by the best turns, 2.00 by the medians; the aim is 3.",
    ]


def test_work_is_set_against_time():
    table = Table(
        (Row("narrow", "convlet", TASK), Row("wide", "convlet", TASK, work=4.0)), MICROSECONDS
    )
    results = {"narrow": {"seconds": same(1e-6)}, "wide": {"seconds": same(5e-6)}}
    assert table.markdown(results).splitlines()[-1] == (
        "| wide | 5.0 | 5.0 | 5.00 | 5.00 | 4.00 | 1.25 |"
    )


def test_whole_runs_have_totals_and_memory_where_they_were_measured():
    titles = ("whole", "part", "no memory")
    table = Table(tuple(Row(title, "convlet", TASK) for title in titles), MICROSECONDS)
    whole = {"seconds": same(1e-6), "total": Figures(20.0, 10.0, 30.0)}
    results = {
        "whole": whole | {"resident": Figures(300.0, 290.0, 310.0), "peak": same(400.0)},
        "part": {"seconds": same(1e-6)},
        "no memory": whole,
    }
    lines = table.markdown(results).splitlines()
    assert lines[0].endswith(
        "| command to end of training, median (s) | best | memory (MiB) | peak (MiB) |"
    )
    assert [line.split(" | ")[5:] for line in lines[2:]] == [
        ["20.0", "10.0", "310", "400 |"],
        ["–", "–", "–", "– |"],
        ["20.0", "10.0", "–", "– |"],
    ]


RESULTS = {
    "ours": {"seconds": Figures(2.0, 1.0, 3.0), "total": same(10.0)},
    "slow": {"seconds": Figures(9.0, 8.0, 9.0), "total": same(20.0)},
    "fast": {"seconds": Figures(8.0, 3.0, 9.0)},
}


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        (
            Claim("ours", ("slow", "fast"), 6, "the fastest"),
            "- ours against the fastest, fast: 3.00 times as fast by the best turns, "
            "4.00 by the medians; the aim is 6.",
        ),
        (
            Claim("ours", ("slow", "fast"), 1.5, "the fastest", "total"),
            "- ours against the fastest, slow, from the command to the end: 2.00 times as fast by "
            "the best turns, 2.00 by the medians; the aim is 1.5.",
        ),
        (Claim("ours", ("absent",), 2), None),
        (Claim("absent", ("slow",), 2), None),
        (Claim("ours", ("fast",), 2, quantity="total"), None),
    ],
)
def test_a_claim_compares_with_the_fastest_that_was_measured(claim, sentence):
    assert claim.sentence(RESULTS) == sentence


def test_a_table_of_some_peers_keeps_its_order():
    kept = TABLES["strides"].only(["pytorch", "convlet"])
    assert [row.peer for row in kept.rows] == ["convlet", "pytorch"]
