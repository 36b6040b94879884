"""`python -m mailing` is `mailing`."""

from mailing.cli import main

main()
