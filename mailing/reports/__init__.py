"""The daily report: what became of the messages of a day, by e-mail to those who have to know."""
