from matchmaker.matching.engine.grams import features
from matchmaker.matching.engine.profiles import pieces
from matchmaker.matching.engine.spelling import counts, piece_counts

TEXTS = ("锂电池正极材料", "dc变换器", "", "泵", "304不锈钢 m8x30", "é铝b铜", "哈哈哈哈", "𠀀𠀁板")


def rows(matrix):
    return [dict(zip(row.indices.tolist(), row.data.tolist(), strict=True)) for row in matrix]


def test_many_texts_read_at_once_have_the_features_each_has_by_itself():
    assert rows(counts(TEXTS)) == [features(text) for text in TEXTS]


def test_many_texts_read_at_once_have_the_pieces_each_has_by_itself():
    assert rows(piece_counts(TEXTS)) == [dict.fromkeys(pieces(text), 1.0) for text in TEXTS]


def test_no_texts_are_no_rows():
    assert counts(()).shape[0] == piece_counts(()).shape[0] == 0
