"""What words are judged by; `.ci/python` runs it."""

import gold
import pytest

GOLD = """# sent_id = a
# text = Er ging zum Haus.
1\tEr\ter\tPRON\t_\t_\t2\tnsubj\t_\t_
2\tging\tgehen\tVERB\t_\t_\t0\troot\t_\t_
3-4\tzum\t_\t_\t_\t_\t_\t_\t_\t_
3\tzu\tzu\tADP\t_\t_\t5\tcase\t_\t_
4\tdem\tder\tDET\t_\t_\t5\tdet\t_\t_
5\tHaus\tHaus\tNOUN\t_\t_\t2\tobl\t_\tSpaceAfter=No
6\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\t_

# sent_id = b
# text = Ja.
1\tJa\tja\tINTJ\t_\t_\t0\troot\t_\tSpaceAfter=No
2\t.\t.\tPUNCT\t_\t_\t1\tpunct\t_\t_
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "gold.conllu"
    path.write_text(GOLD)
    return path


def test_words_that_share_a_token_are_left_out(file):
    walk, yes = gold.treebank([file])
    assert walk.words == {(0, 2): ("PRON", "er"), (3, 7): ("VERB", "gehen"), (12, 16): ("NOUN", "Haus"), (16, 17): ("PUNCT", ".")}
    assert yes.words == {(0, 2): ("INTJ", "ja"), (2, 3): ("PUNCT", ".")}
    assert [s.text for s in gold.treebank([file], only={"b"})] == ["Ja."]


def test_a_word_counts_where_it_stands(file):
    sentences = gold.treebank([file])
    right = gold.of_conllu(GOLD.replace("sent_id = a", "sent_id = 1").replace("sent_id = b", "sent_id = 1"), 2)
    assert gold.score(sentences, right) == gold.Score(6, 1.0, 1.0, 1.0)
    # Cut differently, tagged differently, lemmatised differently: each is wrong for itself.
    told = [[("Er", "PRON", "er"), ("ging", "AUX", "gehen"), ("zum", None, None), ("Haus.", "NOUN", "Haus")], [("Ja", "INTJ", "ja"), (".", "PUNCT", ".")]]
    assert gold.score(sentences, told) == gold.Score(6, 4 / 6, 3 / 6, 1 / 2)
    bare = [[(form, None, None) for form, _, _ in words] for words in told]
    assert gold.score(sentences, bare) == gold.Score(6, 4 / 6, None, None)
    assert gold.score(gold.treebank([file], lemmas=False), told).lemmatised is None


def test_what_a_tool_changed_does_not_lose_the_rest():
    text = "Er sagte „ja“ und ging."
    assert list(gold.places(text, ["Er", "sagte", '"', "ja", '"', "und", "ging", "."])) == [
        (0, 2), (3, 8), None, (10, 12), None, (14, 17), (18, 22), (22, 23),
    ]  # fmt: skip
    assert list(gold.places(text, ["Er", "ging"])) == [(0, 2), None], "what was passed over was never told"


def test_reports_that_are_missing_are_told():
    with pytest.raises(SystemExit, match="2 gold sentences were given, 1 came back"):
        gold.of_conllu("# sent_id = 1\n1\tJa\tja\tINTJ\n", 2)
