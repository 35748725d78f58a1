"""Writing a mail: plain text in German or English, at most one attachment, headers that cannot be broken out of."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP, SMTPUTF8
from typing import BinaryIO

from infra.mail_address import one_address

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,900}>")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*")
_MAX_REFERENCES = 20  # a thread needs its root and its latest; strangers write the rest

Attachment = tuple[str, str, BinaryIO]  # file name, media type, content


def compose(
    sender_address: str,
    sender_name: str,
    recipient: str,
    subject: str,
    text: str,
    message_id: str,
    date: datetime,
    in_reply_to: str = "",
    references: Sequence[str] = (),
    attachment: Attachment | None = None,
    auto: bool = True,
) -> bytes:
    """The mail as octets with CRLF line ends (RFC 5322); the same arguments give the same octets.

    `message_id` with its angle brackets; `date` aware. `auto`: nobody wrote this mail, so nobody's autoresponder shall
    answer it (RFC 3834). References that are not well-formed are left out: they come from the other side.
    An attachment that is an encrypted message (S/MIME, OpenPGP) becomes the mail itself, and `text` is left out.
    Non-ASCII before the recipient's @ needs SMTPUTF8 (RFC 6532). Raises `ValueError` for control characters in what
    goes into a header, for an address that is not one address, and for a time without a zone.
    """
    _refuse_control(sender_address, sender_name, recipient, subject, message_id, in_reply_to, *references)
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError("a Message-ID of our own is <...> in printable ASCII")
    if date.tzinfo is None:
        raise ValueError("the date of a mail needs a time zone")
    sender, to = one_address(sender_address), one_address(recipient)
    mail = EmailMessage(policy=SMTP if (sender[0] + to[0]).isascii() else SMTPUTF8)
    mail["From"] = Address(sender_name, *sender)
    mail["To"] = Address("", *to)
    mail["Subject"] = subject
    mail["Date"] = date
    if attachment is not None and attachment[1] in _ENCRYPTED:
        _ENCRYPTED[attachment[1]](mail, attachment[2].read())
    else:
        mail.set_content(text, subtype="plain", charset="utf-8", cte="quoted-printable")
        if attachment is not None:
            _attach(mail, attachment)
    if mail.is_multipart():
        # "=_" is in no base64 and no quoted-printable; without chance the outbox makes the same octets again.
        mail.set_boundary("=_" + hashlib.sha256(message_id.encode("ascii")).hexdigest()[:40])
    return _first_lines(message_id, in_reply_to, references, auto) + mail.as_bytes()


def _refuse_control(*values: str) -> None:
    if any(_CONTROL.search(value) for value in values):
        raise ValueError("control characters and line ends do not belong into a header")


def _smime(mail: EmailMessage, content: bytes) -> None:
    """The whole mail is the encrypted message (RFC 8551, 3.3): that is what mail programs decrypt by themselves."""
    mail.set_content(content, maintype="application", subtype="pkcs7-mime", filename="smime.p7m",
                     params={"smime-type": "enveloped-data", "name": "smime.p7m"})  # fmt: skip


def _pgp_mime(mail: EmailMessage, content: bytes) -> None:
    """RFC 3156, 4: the version, then the armored message."""
    mail["Content-Type"] = 'multipart/encrypted; protocol="application/pgp-encrypted"'
    version, message = MIMEPart(SMTP), MIMEPart(SMTP)
    version.set_content(b"Version: 1\r\n", maintype="application", subtype="pgp-encrypted", cte="7bit")
    message.set_content(content, maintype="application", subtype="octet-stream", cte="7bit", disposition="inline",
                        filename="encrypted.asc")  # fmt: skip
    mail.set_payload([version, message])


# Media types that are no attachment but the mail itself.
_ENCRYPTED: Mapping[str, Callable[[EmailMessage, bytes], None]] = {
    "application/pkcs7-mime": _smime,
    "application/pgp-encrypted": _pgp_mime,
}


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    name, media_type, content = attachment
    _refuse_control(name)
    if not _MEDIA_TYPE.fullmatch(media_type):
        raise ValueError("the attachment's media type is not type/subtype")
    kind, _, subtype = media_type.partition("/")
    mail.add_attachment(content.read(), maintype=kind, subtype=subtype, filename=name)


def _first_lines(message_id: str, in_reply_to: str, references: Sequence[str], auto: bool) -> bytes:
    """The fields with Message-IDs, which the email package would break or encode where they are long."""
    lines = [f"Message-ID: {message_id}"]
    if _MESSAGE_ID.fullmatch(in_reply_to):
        lines.append(f"In-Reply-To: {in_reply_to}")
    known = [each for each in references if _MESSAGE_ID.fullmatch(each)]
    if len(known) > _MAX_REFERENCES:
        known = [known[0], *known[1 - _MAX_REFERENCES :]]
    if known:
        lines.append("References: " + "\r\n ".join(known))
    if auto:
        lines += ["Auto-Submitted: " + ("auto-replied" if in_reply_to else "auto-generated")]
        lines += ["X-Auto-Response-Suppress: All"]
    return "".join(line + "\r\n" for line in lines).encode("ascii")
