"""A letter as mail: addressed, dated, with an identity that stays the same in all tries."""

from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

from mailing.reports.letter import Letter


def compose(letter: Letter, *, sender: Address, to: Sequence[Address], key: UUID) -> EmailMessage:
    """The mail, ready to leave. With the same `key` it has the same Message-ID: mail servers and programs that get it
    twice can tell."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = letter.subject
    mail["From"] = sender
    mail["To"] = tuple(to)
    mail["Date"] = letter.made_at
    mail["Message-ID"] = f"<{key}@{sender.domain}>"
    # Nobody's absence note is to answer it: RFC 3834, and what Exchange understands.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    # The lines of the HTML are longer than the 998 characters that SMTP allows.
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    mail.add_attachment(
        letter.csv.encode(), maintype="text", subtype="csv", filename=letter.csv_name, params={"charset": "utf-8"}
    )
    return mail
