import re
from dataclasses import replace

from triptych.audit.page import LISTED, SHOWN, audit_page


def test_the_page_shows_the_suspects_and_needs_nothing_else(audited, faulty):
    page = audit_page(audited, faulty, "Audit of <data>")
    assert "Audit of &lt;data&gt;" in page
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert {link[:5] for link in re.findall(r'(?:src|href)="([^"#]+)', page)} == {"data:"}
    assert page.count('alt="Picture of record copy.png"') >= 1
    assert 'id="two-labels"' in page


def test_text_of_records_is_escaped(audited, faulty):
    finding = replace(audited.of_kind("two-labels")[0], words="<b>bold</b> words")
    page = audit_page(replace(audited, findings=[finding]), faulty, "t")
    assert "<b>bold" not in page
    assert "&lt;b&gt;bold" in page


def test_many_findings_are_listed_in_words_and_the_rest_is_counted(audited, faulty):
    finding = audited.of_kind("two-labels")[0]
    many = [replace(finding, words=f"pair {place}") for place in range(SHOWN + LISTED + 5)]
    page = audit_page(replace(audited, findings=many), faulty, "t")
    assert page.count("<article") == SHOWN
    assert "5 more findings are in the JSON file only." in page
