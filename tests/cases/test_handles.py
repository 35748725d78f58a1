import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.handles import parse_handle, platform_name
from cases.identifiers import Kind, normalise

CHANNEL = "UCabcdefghijklmnopqrstuv"


@pytest.mark.parametrize(
    ("value", "platform", "account"),
    [
        ("https://www.instagram.com/Lena.K/?hl=de", "instagram", "lena.k"),
        ("instagram.com/lena.k/reels/", "instagram", "lena.k"),
        ("https://x.com/lena_k/status/1234567", "twitter", "lena_k"),
        ("https://twitter.com/@lena_k", "twitter", "lena_k"),
        ("https://de-de.facebook.com/lena.k.5", "facebook", "lena.k.5"),
        ("https://www.facebook.com/profile.php?id=100012345678901&sk=about", "facebook", "100012345678901"),
        ("https://www.facebook.com/people/Lena-K/100012345678901/", "facebook", "100012345678901"),
        ("https://de.linkedin.com/in/lena-k-1a2b/", "linkedin", "lena-k-1a2b"),
        ("https://www.youtube.com/@LenaK/videos", "youtube", "lenak"),
        (f"https://www.youtube.com/channel/{CHANNEL}", "youtube", CHANNEL),
        ("https://t.me/lena_k", "telegram", "lena_k"),
        ("https://wa.me/491713920001", "whatsapp", "+491713920001"),
        ("https://api.whatsapp.com/send?phone=491713920001", "whatsapp", "+491713920001"),
        ("@Lena@social.example", "mastodon", "lena@social.example"),
        ("https://social.example/@Lena", "mastodon", "lena@social.example"),
        ("https://social.example/@lena@other.example", "mastodon", "lena@other.example"),
        ("https://www.tiktok.com/@lena.k?lang=de", "tiktok", "lena.k"),
        ("https://bsky.app/profile/lena.social.example", "bluesky", "lena.social.example"),
        ("https://instagram.com.evil.example/lena", "", "lena"),
        ("Lena#1234", "discord", "lena#1234"),
        ("@Lena.K", "", "lena.k"),
        ("lena.k", "", "lena.k"),
        ("", "", ""),
    ],
)
def test_an_account_is_one_however_it_is_named(value: str, platform: str, account: str) -> None:
    found = parse_handle(value)
    assert (found.platform, found.account) == (platform, account)
    assert normalise(Kind.HANDLE, value) == account


def test_one_account_name_at_two_instances_is_two_people() -> None:
    assert normalise(Kind.HANDLE, "@lena@social.example") != normalise(Kind.HANDLE, "@lena@other.example")


def test_a_platform_has_one_name() -> None:
    assert {platform_name(name) for name in ("X", "Twitter", "x.com", "twitter.com")} == {"twitter"}
    assert platform_name("Shop") == "shop"


@given(st.text(max_size=80))
def test_whatever_stands_in_a_field_gives_an_account_without_an_error(value: str) -> None:
    assert normalise(Kind.HANDLE, value).strip() == normalise(Kind.HANDLE, value)


@given(st.text(alphabet="abzÄK019._-", min_size=1, max_size=30))
def test_an_account_is_its_own_normal_form(name: str) -> None:
    once = normalise(Kind.HANDLE, f"https://www.instagram.com/{name}/")
    assert once == normalise(Kind.HANDLE, once) == normalise(Kind.HANDLE, f"@{name.upper()}") == name.casefold()
