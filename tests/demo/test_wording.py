import random

from matchmaker.demo import wording
from matchmaker.demo.families import FAMILIES, family_of, lore_of
from matchmaker.demo.records import Province
from matchmaker.reference import segments


def _product(code: str, name: str):
    segment = segments()[code]
    return segment, next(product for product in segment.products if product.name == name)


def test_a_template_draws_numbers_of_its_range_and_step():
    rng = random.Random(1)
    drawn = {wording.filled(rng, "壁厚<2.0-2.3/0.1>mm，<A|B>级") for _ in range(200)}

    assert drawn == {f"壁厚{n}mm，{letter}级" for n in ("2.0", "2.1", "2.2", "2.3") for letter in "AB"}


def test_products_are_spoken_of_in_their_own_family():
    assert family_of(*_product("auto.mould", "压铸模具")).code == "mould"
    assert family_of(*_product("food.rice", "大米")).code == "food"
    assert family_of(*_product("soft.os", "数据库")).code == "software"
    assert family_of(*_product("auto.cv", "重型卡车")).code == "vehicle"
    assert family_of(*_product("auto.test", "整车试验检测")).code == "service"


def test_every_product_of_every_chain_has_a_family_and_fillable_specs():
    rng = random.Random(3)
    for segment in segments().values():
        for product in segment.products:
            assert family_of(segment, product).code in FAMILIES
            assert "<" not in wording.filled(rng, wording.spec(rng, segment, product)).replace("<=", "")


def test_sharper_specs_come_from_the_products_own_word():
    lore = lore_of("压铸模具")

    assert lore is not None
    assert "H13" in lore.materials
    assert lore_of("没有这样的产品") is None


def test_some_lines_are_mistyped_traditional_or_full_width_and_most_are_clean(province: Province):
    clean = {word for segment in segments().values() for word in segment.terms}
    sample = [line for line in province.capabilities[2:3_000] if line.segment]
    recognisable = [line for line in sample if any(line.product.startswith(word) for word in clean)]
    specs = [line.spec for line in sample]

    assert 0.85 < len(recognisable) / len(sample) < 0.99
    assert any("規" in spec for spec in specs)
    assert any("０" in spec for spec in specs)
    assert any("毫米" in spec for spec in specs)


def test_capabilities_and_needs_carry_numbers_and_units(province: Province):
    with_capacity = [line for line in province.capabilities if line.capacity]
    goods = [need for need in province.needs if need.kind == "purchase"]

    assert len(with_capacity) > 0.75 * len(province.capabilities)
    assert all(line.capacity_unit for line in with_capacity)
    assert all(line.spare is None or 0 < line.spare <= (line.capacity or 0) for line in province.capabilities)
    assert all(need.quantity and need.unit for need in goods)
    assert all((need.budget_low or 0) <= (need.budget_high or 0) for need in goods)
