import pytest

from cases.identifiers import Kind, normalise

UUID = "550e8400-e29b-41d4-a716-446655440000"


@pytest.mark.parametrize(
    ("value", "normal"),
    [
        ("GA1.2.1234567890.1699999999", "1234567890.1699999999"),
        ("_ga=GA1.1.1234567890.1699999999", "1234567890.1699999999"),
        ("GA1.2-2.1234567890.1699999999", "1234567890.1699999999"),
        ("1234567890.1699999999", "1234567890.1699999999"),
        ("0123456789ABCDEF.1699999999.5.1699999999.1699999990.", "0123456789abcdef"),
        ("_pk_id.1.1fff=0123456789abcdef.1699999999", "0123456789abcdef"),
        (UUID.upper(), UUID),
        (f"{{{UUID}}}", UUID),
        (f"urn:uuid:{UUID}", UUID),
        (UUID.replace("-", ""), UUID),
        ("fb.1.1596403881668.1116446470", "fb.1.1596403881668.1116446470"),
        ("abC", "abC"),
    ],
)
def test_what_names_a_browser_is_compared_and_the_rest_of_the_cookie_is_not(value: str, normal: str) -> None:
    assert normalise(Kind.COOKIE_ID, value) == normal
