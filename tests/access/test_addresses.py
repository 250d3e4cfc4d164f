"""No address leads out of the product."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.addresses import local_referer, safe_next, with_next

HERE = "https://avustus.example"


@pytest.mark.parametrize("wanted", ["/", "/allocation", "/application?id=9&call=2022", "/hakemus?nimi=%C3%A4"])
def test_own_pages_are_returned_to(wanted: str) -> None:
    assert safe_next(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        None, "", "allocation", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "https://evil.example", "javascript:alert(1)", "/\t/evil.example", "/a\r\nSet-Cookie: x=1", " /allocation",
        "/allocation ", "/sign-in", "/sign-in?next=/sign-in", "/sign-out", "/language/sv", "/" + "a" * 2001, "/\x00",
    ],
)  # fmt: skip
def test_everything_else_leads_to_the_front_page(wanted: str | None) -> None:
    assert safe_next(wanted) == "/"


@given(st.text(alphabet="/\\.:@?#%ae\t\r\n \u2028", max_size=12) | st.text(max_size=30))
def test_whatever_is_asked_stays_on_this_host(wanted: str) -> None:
    led = safe_next("/" + wanted)
    # Browsers read backslashes as slashes and drop tabs and line ends before they resolve an address.
    as_browser = led.replace("\\", "/").replace("\t", "").replace("\r", "").replace("\n", "")
    assert urlsplit(urljoin(HERE + "/sign-in", as_browser)).netloc == "avustus.example"


def test_next_is_quoted_into_the_address() -> None:
    assert with_next("/sign-in", "/application?id=9&call=2022") == ("/sign-in?next=/application%3Fid%3D9%26call%3D2022")
    assert with_next("/sign-in", "/") == "/sign-in"


@pytest.mark.parametrize(
    ("referer", "local"),
    [
        ("https://avustus.example/application?id=9", "/application?id=9"),
        ("https://evil.example/application", None),
        ("https://avustus.example@evil.example/", None),
        ("https://[", None),
        ("about:blank", None),
        (None, None),
    ],
)
def test_only_a_referer_of_this_host_counts(referer: str | None, local: str | None) -> None:
    assert local_referer(referer, "avustus.example") == local
