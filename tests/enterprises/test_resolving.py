import pytest

from matchmaker.enterprises.resolving import DUPLICATE_THRESHOLD, Names

REGISTER = [
    (11, "襄阳恒昌模具有限公司"),
    (12, "襄阳恒盛模具有限公司"),
    (13, "武汉锐科光纤激光技术股份有限公司"),
    (14, "昆山佰奥智能装备股份有限公司"),
    (15, "湖北京山轻工机械股份有限公司"),
]


@pytest.fixture(scope="module")
def names():
    return Names.build(REGISTER)


@pytest.mark.parametrize(
    ("typed", "firm"),
    [
        ("襄阳恒昌模具有限公司", 11),
        ("襄陽恆昌模具有限責任公司", 11),
        ("襄阳恒昌模具股份有限公司", 11),
        ("襄阳恒昌模具有限公司武汉分公司", 11),
        ("襄阳横昌模具有限公司", 11),  # same sound
        ("襄阳昌恒模具有限公司", 11),  # swapped
        ("襄阳恒昌昌模具有限公司", 11),  # typed twice
        ("锐科光纤激光技术", 13),
        ("佰奥智能装备（昆山）股份有限公司", 14),
        ("湖北京山轻工机械股份有限公司第二分公司", 15),
    ],
)
def test_the_same_firm_is_recognised_however_it_is_written(names, typed, firm):
    best, score = names.resolve(typed)[0]

    assert best == firm
    assert score >= DUPLICATE_THRESHOLD


@pytest.mark.parametrize(
    "typed",
    [
        "襄阳恒泰模具有限公司",  # another character, another sound
        "襄阳恒昌食品有限公司",  # same trade name, another trade
        "荆门市佰奥智能装备股份有限公司",  # another place
        "十堰长风汽车零部件有限公司",
    ],
)
def test_a_look_alike_is_not_called_the_same_firm(names, typed):
    assert all(score < DUPLICATE_THRESHOLD for _, score in names.resolve(typed))


def test_an_exact_name_scores_one(names):
    assert names.resolve("武汉锐科光纤激光技术股份有限公司", 1) == [(13, 1.0)]


def test_equal_names_come_in_order_of_id():
    names = Names.build([(9, "武汉长风模具有限公司"), (4, "武汉长风模具股份有限公司")])

    assert names.resolve("武汉长风模具") == [(4, 1.0), (9, 1.0)]


def test_an_empty_register_and_an_empty_name_resolve_to_nothing(names):
    assert Names.build([]).resolve("襄阳恒昌模具有限公司") == []
    assert names.resolve("") == []
    assert names.resolve("😀") == []
