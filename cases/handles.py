"""Accounts on platforms: the form in which two ways of naming one are compared.

A profile's address says which platform it is of. Case counts nowhere except in the numbers that YouTube gives its
channels. A Mastodon account is only one together with its instance.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType

_LONGEST = 300  # characters
_URL = re.compile(
    r"(?:https?:)?(?://)?(?:[\w-]+:[^@/\s]*@)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d+)?/(?P<path>[^\s]*)", re.I
)
_HOSTS = MappingProxyType(
    {
        **dict.fromkeys(("instagram.com", "instagr.am"), "instagram"),
        **dict.fromkeys(("facebook.com", "fb.com", "fb.me", "m.me", "messenger.com"), "facebook"),
        **dict.fromkeys(("x.com", "twitter.com"), "twitter"),
        **dict.fromkeys(("threads.net", "threads.com"), "threads"),
        **dict.fromkeys(("youtube.com", "youtu.be"), "youtube"),
        **dict.fromkeys(("t.me", "telegram.me", "telegram.org"), "telegram"),
        **dict.fromkeys(("wa.me", "whatsapp.com"), "whatsapp"),
        "linkedin.com": "linkedin",
        "xing.com": "xing",
        "tiktok.com": "tiktok",
        "twitch.tv": "twitch",
        "pinterest.com": "pinterest",
        "pinterest.de": "pinterest",
        "snapchat.com": "snapchat",
        "reddit.com": "reddit",
        "github.com": "github",
        "bsky.app": "bluesky",
    }
)
# Path segments before the account, by platform; elsewhere the account is the first segment.
_BEFORE = MappingProxyType(
    {
        "linkedin": ("in", "pub", "company"),
        "youtube": ("channel", "c", "user"),
        "xing": ("profile", "profiles"),
        "snapchat": ("add",),
        "reddit": ("u", "user"),
        "bluesky": ("profile",),
        "facebook": ("people", "pg"),
        "telegram": ("s",),
        "instagram": ("stories", "_u"),
        "twitter": ("@",),
    }
)
_OTHER_NAMES = MappingProxyType({"x": "twitter", "insta": "instagram", "fb": "facebook", "yt": "youtube"})
_CHANNEL = re.compile(r"UC[\w-]{22}", re.A)  # YouTube's own number of a channel
_ID = re.compile(r"(?:^|[?&])(?:id|phone|u)=(\+?\d{5,20})(?:&|$)", re.A)
_DISCORD = re.compile(r".{2,32}#\d{4}", re.S)
_MASTODON = re.compile(r"@?(?P<user>[\w.-]{1,60})@(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.I)


@dataclass(frozen=True, slots=True)
class Handle:
    """An account. `platform` is empty where the text does not tell it; that of `wa.me/49…` is `whatsapp` and its
    account a phone number in E.164."""

    platform: str
    account: str = field(repr=False)


def parse_handle(value: str) -> Handle:
    """The account that a profile's address, `@name`, `name@instance` or bare name stands for."""
    text = value.strip()[:_LONGEST]
    if (found := _URL.fullmatch(text)) and not _MASTODON.fullmatch(text.rstrip("/")):
        return _of_url(found["host"].lower(), found["path"])
    if found := _MASTODON.fullmatch(text):
        return Handle("mastodon", f"{found['user']}@{found['host']}".casefold())
    if _DISCORD.fullmatch(text):
        return Handle("discord", text.removeprefix("@").casefold())
    return Handle("", _account(re.split(r"[?#]", text, maxsplit=1)[0].rstrip("/").rpartition("/")[2]))


def normal_handle(value: str) -> str:
    """The account in the form in which two are compared; empty where `value` names none."""
    return parse_handle(value).account


def platform_name(name: str) -> str:
    """The one name under which a platform is known (`X` and `twitter.com` are `twitter`)."""
    plain = name.strip().casefold().removeprefix("www.")
    return _HOSTS.get(plain) or _OTHER_NAMES.get(plain, plain)


def _of_url(host: str, tail: str) -> Handle:
    platform = _platform(host)
    path, _, query = re.split(r"#", tail, maxsplit=1)[0].partition("?")
    segments = [segment for segment in path.split("/") if segment]
    if found := _ID.search(query):
        return Handle(platform, f"+{found[1].lstrip('+')}" if platform == "whatsapp" else found[1])
    if platform == "whatsapp" and segments and segments[0].lstrip("+").isdecimal():
        return Handle(platform, f"+{segments[0].lstrip('+')}")
    if len(segments) > 1 and segments[0].lower() in _BEFORE.get(platform, ()):
        segments = segments[1:]
    if platform == "facebook" and len(segments) > 1 and segments[1].isdecimal():
        segments = segments[1:]  # `people/First-Last/1000…`
    account = _account(segments[0]) if segments else ""
    if not platform and segments and segments[0].startswith("@"):
        return Handle("mastodon", account if "@" in account else f"{account}@{host.removeprefix('www.')}")
    return Handle(platform, account if platform else _account(segments[-1]) if segments else "")


def _platform(host: str) -> str:
    """`de.linkedin.com` and `www.instagram.com` too; `instagram.com.evil.example` not."""
    labels = host.split(".")
    return next((_HOSTS[name] for at in range(len(labels)) if (name := ".".join(labels[at:])) in _HOSTS), "")


def _account(text: str) -> str:
    bare = text.strip().removeprefix("@").strip()
    return bare if _CHANNEL.fullmatch(bare) else bare.casefold()
