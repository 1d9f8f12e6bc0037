import random
import re

from matchmaker.demo.coining import Coiner
from matchmaker.demo.records import Province


def test_sample_codes_have_eighteen_characters_and_cannot_be_real(province: Province):
    form = re.compile(r"DEMO\d{6}[0-9A-HJ-NP-RTUWXY]{8}")

    assert all(form.fullmatch(firm.credit_code) for firm in province.enterprises)


def test_a_code_carries_its_region():
    assert Coiner(random.Random(1)).code("420607")[4:10] == "420607"


def test_a_reserved_name_is_never_coined():
    name = Coiner(random.Random(5)).firm("襄阳", ("模具",)).full
    coiner = Coiner(random.Random(5))
    coiner.reserve(name)

    assert coiner.firm("襄阳", ("模具",)).full != name


def test_names_read_like_company_names(province: Province):
    firms = [firm for firm in province.enterprises if firm.kind == "enterprise"]

    assert all(re.search(r"(有限公司|有限责任公司)$", firm.name) for firm in firms)
    assert all(firm.short_name in firm.name for firm in firms)
    assert all(6 <= len(firm.name) <= 22 for firm in firms)


def test_style_names_that_well_known_firms_use_are_left_out():
    coiner = Coiner(random.Random(2))
    drawn = {coiner.style_name() for _ in range(20_000)}

    assert len(drawn) > 5_000
    assert not [word for word in drawn if "岚图" in word or "瀚川" in word or "禾丰" in word]
